#ifdef BALLS
// One ball in front of what `sum` has already; premultiplied.
void addBall(inout vec4 sum, ivec2 cell, vec3 d) {
  ivec2 at = cell + ivec2(uStart);
  vec4 ink = texelFetch(uInk, uSwap ? at.yx : at, 0);
#ifdef DIGITS
  float left = max(0.0, 1.0 - 2.0 * clarity(cell));
  ink *= left * left;
#endif
  vec3 centre = vec3(vec2(cell) + 0.5, 0.0) - uEye;
  float t = dot(centre, d);
  vec3 off = t * d - centre;
  float distance = sqrt(dot(off, off));
  float w = max(t * uPixel, 1e-9);
  float radius = sqrt(ink.a / PI);
  float drawn = max(radius, 0.5 * w);
  float coverage = ballCoverage(radius, drawn, distance, w);
  if (ink.a <= 0.0 || t <= 0.0 || coverage <= 0.0) return;
  coverage *= litCell(cell);
  vec2 offset = vec2(dot(off, uRight), dot(off, uUp)) / max(drawn, distance);
  vec3 colour = lit(ink.rgb / ink.a, offset, min(distance / drawn, 1.0), w / radius);
  sum += (1.0 - sum.a) * coverage * vec4(colour, 1.0);
}

// Cells along the ray inside the slab, near to far.
vec4 balls(vec3 d) {
  vec3 inverse = 1.0 / mix(d, vec3(1e-9), lessThan(abs(d), vec3(1e-9)));
  vec3 a = (vec3(0.0, 0.0, -0.5) - uEye) * inverse;
  vec3 b = (vec3(uSize, 0.5) - uEye) * inverse;
  vec3 low = min(a, b);
  vec3 high = max(a, b);
  float enter = max(max(low.x, low.y), max(low.z, 0.0));
  float leave = min(high.x, min(high.y, high.z));
  vec2 start = clamp(uEye.xy + enter * d.xy, vec2(0.0), uSize - 1e-3);
  ivec2 cell = ivec2(floor(start));
  ivec2 way = ivec2(d.x < 0.0 ? -1 : 1, d.y < 0.0 ? -1 : 1);
  vec2 stride = abs(inverse.xy);
  vec2 next = (vec2(cell) + vec2(greaterThan(way, ivec2(0))) - uEye.xy) * inverse.xy;
  vec4 sum = vec4(0.0);
  float t = enter;
  for (int n = 0; n < MOST_STEPS && t < leave && sum.a < 0.995; n++) {
    addBall(sum, cell, d);
    bool sideways = next.x < next.y;
    t = sideways ? next.x : next.y;
    cell += sideways ? ivec2(way.x, 0) : ivec2(0, way.y);
    next += sideways ? vec2(stride.x, 0.0) : vec2(0.0, stride.y);
  }
  return sum;
}
#endif

#ifdef INK
// Where the ray meets the plane, or comes nearest to it on its way over the face.
struct Hit {
  vec2 p;        // displayed (column, row)
  vec2 along;    // the long side of the pixel's footprint there
  float share;   // of the pixel inside the face
  float w;       // a pixel in cells
  float cosine;  // at least LEAST_COSINE
};

// Share of a pixel's extent about x that lies in [0, size].
float inside(float x, float extent, float size) {
  return max(min(x + 0.5 * extent, size) - max(x - 0.5 * extent, 0.0), 0.0) / extent;
}

Hit meet(vec3 d) {
  Hit hit;
  float slope = abs(d.z);
  float dz = slope < 1e-7 ? 1e-7 : d.z;
  float t = -uEye.z / dz;
  bool ahead = t > 1e-9;
  t = ahead ? t : 0.0;
  hit.w = max(t * uPixel, 1e-9);
  vec2 tilt = d.xy / dz;
  vec2 extent = max(hit.w * sqrt(1.0 + tilt * tilt), 1e-9);
  vec2 p = uEye.xy + t * d.xy;
  hit.share = ahead ? inside(p.x, extent.x, uSize.x) * inside(p.y, extent.y, uSize.y) : 0.0;

  // Seen edge-on the slab stands in for the plane.
  vec2 inverse = 1.0 / mix(d.xy, vec2(1e-9), lessThan(abs(d.xy), vec2(1e-9)));
  vec2 a = -uEye.xy * inverse;
  vec2 b = (uSize - uEye.xy) * inverse;
  float enter = max(max(min(a.x, b.x), min(a.y, b.y)), 0.0);
  float leave = min(max(a.x, b.x), max(a.y, b.y));
  bool over = leave > enter;
  float nearest = clamp(ahead ? t : enter, enter, max(leave, enter));
  float w = max(nearest * uPixel, 1e-9);
  float height = abs(uEye.z + nearest * d.z);
  float edge = over ? 1.0 - smoothstep(EDGE_NEAR, EDGE_FAR, slope) : 0.0;
  edge *= clamp((max(0.25, 0.5 * w) - height) / w + 0.5, 0.0, 1.0);
  if (edge > hit.share || (over && hit.share <= 0.0)) {
    hit.w = w;
    p = uEye.xy + nearest * d.xy;
    hit.share = max(hit.share, edge);
  }
  hit.p = clamp(p, vec2(0.0), uSize);
  hit.cosine = max(slope, LEAST_COSINE);
  vec2 way = d.xy / max(length(d.xy), 1e-9);
  hit.along = way * (hit.w / hit.cosine);
  return hit;
}

// Called outside of branches alone, for the texture unit takes the footprint from neighbouring pixels.
// Gradients of our own would be exact at the rim, but software renderers take twice as long over them.
vec4 inkAt(vec2 p) {
  return texture(uInk, toNode(p + uStart) * uTexel);
}

// The dimmed face with its lit rows and columns, which are at least three pixels wide.
vec4 inkWithLit(Hit hit) {
  vec4 ink = inkAt(hit.p);
  if (uLitCount == 0) return ink;
  vec4 dimmed = ink * DIMMED;
  vec2 s = max(abs(hit.along), vec2(hit.w));
  vec2 px = dFdx(hit.p);
  vec2 py = dFdy(hit.p);
  for (int n = 0; n < uLitCount; n++) {
    bvec2 given = greaterThanEqual(uLit[n].yx, ivec2(0));
    vec2 first = vec2(uLit[n].yx);
    vec2 end = vec2(uLit[n].wz);
    vec2 high = max(0.5 * (end - first), 1.5 * s);
    vec2 near = clamp((high - abs(hit.p - 0.5 * (first + end))) / s + 0.5, 0.0, 1.0);
    float weight = (given.x ? near.x : 1.0) * (given.y ? near.y : 1.0);
    vec2 keep = vec2(given.x ? 0.0 : 1.0, given.y ? 0.0 : 1.0);
    // Along itself alone, so that its neighbours do not mix in: what does not change has no footprint.
    vec2 free = max(keep, step(1.5, end - first));
    vec2 at = toNode(mix(clamp(hit.p, first + 0.5, end - 0.5), hit.p, keep) + uStart) * uTexel;
    for (int once = 0; once < 1 && weight > 0.0; once++) {
      vec4 line = textureGrad(uInk, at, toNode(px * free) * uTexel, toNode(py * free) * uTexel);
      dimmed = mix(dimmed, line, weight);
    }
  }
  return dimmed;
}

// Over a NaN or an infinity, at a level whose texels are two pixels or more: its own colour.
vec4 flagged(vec4 colour, Hit hit) {
  vec2 finest = vec2(textureSize(uFlags, 0)) * uTexel;
  float texels = hit.w / hit.cosine * max(finest.x, finest.y);
  int lod = min(int(ceil(log2(max(2.0 * texels, 1.0)) - 1e-5)), uFlagLevels - 1);
  ivec2 size = textureSize(uFlags, lod);
  ivec2 at = ivec2(toNode(hit.p + uStart) * uTexel * vec2(size));
  uint flag = texelFetch(uFlags, clamp(at, ivec2(0), size - 1), lod).r;
  if (flag == 0u) return colour;
  float coverage = max(colour.a, FLAG_COVERAGE);
  return vec4(uFlagColours[min(flag, 3u) - 1u] * coverage, coverage);
}

vec4 farInk(Hit hit, vec4 ink) {
  float a = clamp(ink.a, 1e-7, 0.9999);
  float grown = 1.0 - pow(1.0 - a, 1.0 / hit.cosine);
  vec4 colour = vec4(ink.rgb * SHADE_MEAN + GLOSS_MEAN * ink.a, ink.a) * (grown / a);
  if (uHasFlags) colour = flagged(colour, hit);
  return colour * hit.share;
}
#endif

void main() {
  vec2 pixel = gl_FragCoord.xy - uMiddle;
  vec3 ray = uRay + pixel.x * uRayX + pixel.y * uRayY;
  vec3 d = normalize(ray);
#if defined(BALLS) && defined(INK)
  Hit hit = meet(d);
  vec4 ink = inkWithLit(hit);
  float m = smoothstep(FADE_NEAR, FADE_FAR, hit.w * inversesqrt(sqrt(hit.cosine)));
  vec4 colour = vec4(0.0);
  // Loops of one turn, not branches: software renderers skip a loop that no pixel enters.
  for (int once = 0; once < 1 && m < 1.0; once++) colour = (1.0 - m) * balls(d);
  for (int once = 0; once < 1 && m > 0.0 && hit.share > 0.0; once++) colour += m * farInk(hit, ink);
#elif defined(BALLS)
  vec4 colour = balls(d);
#else
  Hit hit = meet(d);
  vec4 colour = farInk(hit, inkWithLit(hit));
#endif
  outColour = colour * uDim;
#ifdef DIGITS
  vec4 number = numberAt(d);
  outColour = number + (1.0 - number.a) * outColour;
#endif
}
