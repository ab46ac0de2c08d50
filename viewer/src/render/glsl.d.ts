// Shaders are imported as text; the build inlines them.
declare module "*.glsl" {
  const text: string;
  export default text;
}
declare module "*.vert" {
  const text: string;
  export default text;
}
declare module "*.frag" {
  const text: string;
  export default text;
}
