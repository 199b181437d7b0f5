/** Texts of this page. */
export const traces = {
  title: 'Traces',
};
