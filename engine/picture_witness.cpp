// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/picture_witness.h"

#include "engine/film_reader.h"
#include "engine/mapped_frame.h"

namespace rostrum {

namespace {

constexpr int kCells = 16;  // of the longer side
// Levels, mean over the picture. The coarsest profile changes the means of cells by less than two.
constexpr double kMostApart = 10;

std::optional<Signature> look_at(GstBuffer* frame, const GstVideoInfo& info) {
  const MappedFrame mapped{frame, info};
  if (!mapped.mapped() || GST_VIDEO_INFO_FORMAT(&info) != GST_VIDEO_FORMAT_I420) return {};
  const Size size{GST_VIDEO_INFO_WIDTH(&info), GST_VIDEO_INFO_HEIGHT(&info)};
  return signature_of(mapped.view(), {0, 0, size.width, size.height}, cells_of(size, kCells));
}

tl::unexpected<Error> wrong(const std::string& what) {
  return fail(Kind::encoder, "wrong output: " + what);
}

std::string counted(std::size_t frames) { return std::to_string(frames) + " frames"; }

Result<void> compare(const std::vector<Signature>& in, const std::vector<Signature>& out) {
  if (in.size() != out.size())
    return wrong(counted(out.size()) + " can be decoded of " + counted(in.size()));
  for (std::size_t i = 0; i < in.size(); ++i)
    if (in[i].grid != out[i].grid || likeness(in[i], out[i], {}).distance > kMostApart)
      return wrong("frame " + std::to_string(i) + " is not the one that was encoded");
  return {};
}

}  // namespace

PictureWitness::PictureWitness(GstElement* pipeline, const std::string& encoder_bin) {
  const auto encoder = adopt(gst_bin_get_by_name(GST_BIN(pipeline), encoder_bin.c_str()));
  if (!encoder) return;
  pad_ = adopt(gst_element_get_static_pad(encoder.get(), "sink"));
  probe_ = gst_pad_add_probe(pad_.get(), GST_PAD_PROBE_TYPE_BUFFER, on_frame, this, nullptr);
}

PictureWitness::~PictureWitness() {
  if (pad_) gst_pad_remove_probe(pad_.get(), probe_);
}

GstPadProbeReturn PictureWitness::on_frame(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  GstVideoInfo format;
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  if (!caps || !gst_video_info_from_caps(&format, caps.get())) return GST_PAD_PROBE_OK;
  auto frame = look_at(GST_PAD_PROBE_INFO_BUFFER(info), format);
  auto seen = static_cast<PictureWitness*>(self)->seen_.lock();
  if (!seen->first) seen->first = Clock::now();
  seen->frames.push_back(frame.value_or(Signature{}));
  return GST_PAD_PROBE_OK;
}

double PictureWitness::seconds() const {
  const auto first = seen_.lock()->first;
  return first ? std::chrono::duration<double>(Clock::now() - *first).count() : 0;
}

Result<void> PictureWitness::check(const std::string& path) const {
  std::vector<Signature> out;
  FilmEyes eyes;
  eyes.see = [&](GstBuffer* frame, const GstVideoInfo& info, Nanoseconds) {
    out.push_back(look_at(frame, info).value_or(Signature{}));
  };
  const FilmReader::Limits limits{
      std::chrono::seconds{60}, FilmReader::Clock::time_point::max(), {}};
  const auto passed = FilmReader{path, limits, std::move(eyes)}.read(Decoding::all);
  if (!passed.errors.empty()) return wrong(passed.errors.front());
  return compare(seen_.lock()->frames, out);
}

PictureWitnesses::PictureWitnesses(GstElement* pipeline, const ChunkJob& job) {
  witnesses_.emplace_back(std::make_unique<PictureWitness>(pipeline), job.output);
  for (std::size_t i = 0; i < job.rendition_outputs.size(); ++i)
    witnesses_.emplace_back(std::make_unique<PictureWitness>(
                                pipeline, rendition_encoder_bin(job.coding.renditions[i].size)),
                            job.rendition_outputs[i]);
}

Result<void> PictureWitnesses::check() const {
  for (const auto& [witness, path] : witnesses_)
    if (auto right = witness->check(path); !right) return right;
  return {};
}

}  // namespace rostrum
