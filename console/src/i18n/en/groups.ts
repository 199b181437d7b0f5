/** Texts of this page. */
export const groups = {
  title: 'Groups',
};
