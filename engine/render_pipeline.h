// SPDX-License-Identifier: LGPL-2.1-or-later
// A graph with encoders and a muxer behind it.
#pragma once

#include "engine/graph.h"

namespace rostrum {

// The elements (`identity`) whose buffers are the slice's progress: encoded packets, or raw frames
// where nothing is encoded.
inline constexpr char kVideoProgress[] = "video-progress";
inline constexpr char kAudioProgress[] = "audio-progress";
// The bin that encodes the picture, with the queue before it.
inline constexpr char kVideoEncoderBin[] = "video-encoder";
// Those that encode its renditions; their names begin with that of the first.
std::string rendition_encoder_bin(Size rendition);

// Whether that pipeline writes a stream of FLAC by itself, which mp4mux 1.22 does not take: see
// wrap_flac().
bool is_flac_stream(const ChunkJob& job);

// A pipeline that renders the job's slice into job.output, an MP4 with its index at the end (for
// finish_mp4() or assemble_mp4()), with picture if the slice has frames and sound if it has sound.
// Its renditions go into files of their own, from the same frames.
// With job.raw the file is the frames one after the other, unencoded.
// Without an output everything is decoded and composed, and thrown away.
Result<GstPtr<GstElement>> make_render_pipeline(const ChunkJob& job,
                                                const GraphOptions& options = {});

}  // namespace rostrum
