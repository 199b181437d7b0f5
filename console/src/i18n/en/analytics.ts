/** Texts of this page. */
export const analytics = {
  title: 'Analytics',
};
