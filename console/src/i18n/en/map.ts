/** Texts of this page. */
export const map = {
  title: 'Service map',
};
