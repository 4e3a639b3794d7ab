// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/media_elements.h"

#include <algorithm>
#include <array>

namespace rostrum {

namespace {

constexpr auto kDemuxers = std::to_array<std::string_view>(
    {"aiffparse", "apedemux", "asfdemux", "auparse", "avidemux", "dvdemux", "flvdemux", "icydemux",
     "id3demux", "ivfparse", "matroskademux", "mxfdemux", "mpegpsdemux", "oggdemux",
     "multipartdemux", "qtdemux", "rademux", "rmdemux", "tsdemux", "wavparse", "y4mdec",
     // of libav, for what GStreamer has none of its own
     "avdemux_ape", "avdemux_dsf", "avdemux_gif", "avdemux_gxf", "avdemux_ivf", "avdemux_mpc",
     "avdemux_mpc8", "avdemux_mxf", "avdemux_nsv", "avdemux_nut", "avdemux_pva", "avdemux_tta",
     "avdemux_voc", "avdemux_xwma", "avdemux_yuv4mpegpipe"});

constexpr auto kParsers = std::to_array<std::string_view>(
    {"aacparse", "ac3parse", "amrparse", "av1parse", "dcaparse", "diracparse", "flacparse",
     "h263parse", "h264parse", "h265parse", "jpeg2000parse", "jpegparse", "mpeg4videoparse",
     "mpegaudioparse", "mpegvideoparse", "oggaviparse", "ogmaudioparse", "ogmvideoparse",
     "opusparse", "pngparse", "rawaudioparse", "rawvideoparse", "sbcparse", "theoraparse",
     "unalignedaudioparse", "unalignedvideoparse", "vc1parse", "vorbisparse", "vp9parse",
     "wavpackparse",
     // of subtitles, which are not shown
     "avisubtitle", "dvdsubparse", "kateparse", "ogmtextparse", "ssaparse", "subparse"});

// Not the decoders of pictures with alpha, vp8alphadecodebin and vp9alphadecodebin: they fail on
// streams that are only flagged so, and the plain ones play both.
constexpr auto kDecoders = std::to_array<std::string_view>(
    {"a52dec",      "adpcmdec",    "alawdec",     "amrnbdec",       "amrwbdec",  "av1dec",
     "dav1ddec",    "dtsdec",      "dvdec",       "dvdlpcmdec",     "dvdsubdec", "faad",
     "fdkaacdec",   "flacdec",     "flxdec",      "gsmdec",         "jpegdec",   "katedec",
     "libde265dec", "mad",         "mpeg2dec",    "mpg123audiodec", "mulawdec",  "musepackdec",
     "openaptxdec", "openh264dec", "openjpegdec", "opusdec",        "pngdec",    "pnmdec",
     "sbcdec",      "sfdec",       "sirendec",    "speexdec",       "theoradec", "vmncdec",
     "vorbisdec",   "vp8dec",      "vp9dec",      "wavpackdec",     "webpdec"});

// Those that cameras send.
constexpr auto kDepayloaders = std::to_array<std::string_view>(
    {"rtpL16depay", "rtpac3depay", "rtpg722depay", "rtpg726depay", "rtph264depay", "rtph265depay",
     "rtpjpegdepay", "rtpmp2tdepay", "rtpmp4adepay", "rtpmp4gdepay", "rtpmp4vdepay", "rtpmpadepay",
     "rtpmpvdepay", "rtpopusdepay", "rtppcmadepay", "rtppcmudepay", "rtpvp8depay", "rtpvp9depay"});

bool is_in(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool may_open_media(std::string_view element) {
  // Decoders of libav get packets and give frames; they know of no files.
  return element.starts_with("avdec_") || is_in(kDemuxers, element) || is_in(kParsers, element) ||
         is_in(kDecoders, element);
}

bool may_unpack_stream(std::string_view element) { return is_in(kDepayloaders, element); }

}  // namespace rostrum
