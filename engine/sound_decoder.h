// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes the sound that a parsebin has found.  Where it is all that the medium holds, the thread
// of the demuxer does it: handing each packet to another thread, as decodebin does, takes a fifth
// of the time that decoding such media takes.
#pragma once

#include "lib/gst_ptr.h"

namespace rostrum {

class SoundDecoder {
 public:
  // The pipeline holds the parsebin, and `sink`, which takes the samples.
  SoundDecoder(GstElement* pipeline, GstElement* sink) : pipeline_{pipeline}, sink_{sink} {}

  // For each pad of the parsebin; also of the next part of a file that is several in a row.  False
  // when it is not of sound, cannot be decoded, or another was linked before it.
  bool connect(GstPad* pad);
  // The beginnings of all streams are known: no more is read ahead than decoding needs.
  void play();

 private:
  bool decode(GstPad* pad, GstCaps* caps);
  bool plug(GstElementFactory* factory, GstPad* pad);

  GstElement* const pipeline_;
  GstElement* const sink_;
  GstPtr<GstPad> entry_;         // what took the last part's sound
  GstElement* queue_ = nullptr;  // the pipeline's child
};

}  // namespace rostrum
