"""From a scene, a view and a time to the input of a renderer: camera, depth order, faces, film moments, ink.

Every file here is written a second time in ``viewer/src/core``; vectors of ``tools/write_vectors.py`` in
``tests/vectors`` hold both sides to the same numbers. The twins:

=================  =============================================  =============================
here               in the viewer                                  vectors
=================  =============================================  =============================
camera             camera.ts, faces.ts (corners)                  camera.json
order              order.ts                                       order.json
visible            faces.ts, palette.ts, sources.ts               (pictures of both renderers)
places             places.ts, spread.ts                           places.json
devices            devices.ts                                     devices.json
packets            packets.ts                                     packets.json
coincident         cover.ts, joined.ts                            places.json (joined)
labels             labels.ts                                      labels.json
outlines, names    outlines.ts, names.ts                          names.json
writing, on_plane  writing.ts, on_plane.ts                        names.json
home               home.ts                                        names.json
pins               readout.ts, reading.ts (in viewer/src/ui)      (pictures of both renderers)
colour, ink        palette.ts, ink.ts                             ink.json
shading            shading.ts                                     shading.json
pyramid            pyramid.ts                                     pyramid.json
marks              marks.ts                                       (pictures of both renderers)
stairs             stairs.ts                                      plates.json
steps              film.ts                                        film.json
memory_traffic     loads.ts                                       film.json
rods               rods.ts, film.ts (formedAt)                    rods.json
interior           interior.ts                                    film.json
partial_sums       parts.ts, part_film.ts, running.ts, sums.ts    film.json, places.json
online_softmax     streams.ts                                     (pictures of both renderers)
moment             moment.ts, reveal.ts                           (pictures of both renderers)
=================  =============================================  =============================

The words of one cell (``explain.json``) have their home in ``engine.explain``; in the viewer they are
in explain.ts and number_words.ts.

``outputs.still`` turns the results into pixels.
"""
