/** Texts of this page. */
export const home = {
  title: 'Home',
};
