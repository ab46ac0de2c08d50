// Style sheets are imported as text, for a shadow root; the build also joins them into viewer.css.
declare module "*.css" {
  const text: string;
  export default text;
}
