// SPDX-License-Identifier: LGPL-2.1-or-later
// Preloaded, it makes every frame that x264 is given fail.
extern "C" __attribute__((visibility("default"))) int x264_encoder_encode(void*, void*, int*, void*,
                                                                          void*);

int x264_encoder_encode(void*, void*, int*, void*, void*) { return -1; }
