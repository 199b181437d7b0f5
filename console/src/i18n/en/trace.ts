/** Texts of this page. */
export const trace = {
  title: 'Trace',
};
