/** Texts of this page. */
export const settings = {
  title: 'Settings',
};
