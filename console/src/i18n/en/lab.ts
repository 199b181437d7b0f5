/** Texts of this page. */
export const lab = {
  title: 'Lab',
};
