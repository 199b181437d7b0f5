/** Texts of this page. */
export const compareTraces = {
  title: 'Compare traces',
};
