// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chunksink/chunk_fragments.h"

#include "chunksink/chunk_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <optional>

namespace rostrum {

namespace {

using mp4::fourcc;

constexpr std::uint64_t kMostBytes = 1 << 26;  // of a movie box or a fragment, which are small

GstPtr<GstBuffer> with_content(GstBuffer* of, const mp4::Bytes& content) {
  auto buffer = adopt(gst_buffer_new_allocate(nullptr, content.size(), nullptr));
  gst_buffer_fill(buffer.get(), 0, content.data(), content.size());
  gst_buffer_copy_into(buffer.get(), of, GST_BUFFER_COPY_METADATA, 0, static_cast<gsize>(-1));
  return buffer;
}

std::optional<mp4::Bytes> read_at(int fd, std::uint64_t offset, std::uint64_t size) {
  if (size > kMostBytes) return {};
  mp4::Bytes bytes(static_cast<std::size_t>(size));
  const auto n = pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  if (n < 0) return {};
  bytes.resize(static_cast<std::size_t>(n));
  return bytes;
}

// The whole boxes that stand before the payload are read, the payload is not.
std::optional<FragmentedFile> scan(int fd, std::uint64_t size) {
  FragmentedFile file;
  mp4::FragmentTimes times;
  std::optional<std::uint32_t> track;
  mp4::BoxHeader box;
  for (std::uint64_t at = 0; at < size; at += box.size) {
    const auto head = read_at(fd, at, mp4::kHeaderBytes);
    const auto header = head ? mp4::read_header(*head) : std::nullopt;
    if (!header || header->size < header->header || header->size > size - at) return {};
    box = *header;
    if (box.type != fourcc("moov") && box.type != fourcc("moof")) continue;
    const auto whole = read_at(fd, at, box.size);
    if (!whole || whole->size() != box.size) return {};
    if (box.type == fourcc("moov")) {
      if (!times.read_movie(*whole)) return {};
      continue;
    }
    if (file.init_bytes == 0) file.init_bytes = at;
    const auto first = times.first_of(*whole);
    if (!first) return {};
    if (track && *track <= first->track) continue;
    track = first->track;
    file.start = first->time;
    if (*track == 1) break;
  }
  if (file.init_bytes == 0) return {};
  file.media_bytes = size - file.init_bytes;
  return file;
}

}  // namespace

void ChunkFragments::attach(GstPad* pad) {
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* p, GstPadProbeInfo* info, gpointer self) {
        return static_cast<ChunkFragments*>(self)->pass(p, info);
      },
      this, nullptr);
}

// mp4mux pushes each box in a buffer of its own, but a media data box in pieces.
GstPadProbeReturn ChunkFragments::pass(GstPad* pad, GstPadProbeInfo* info) {
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto size = gst_buffer_get_size(buffer);
  if (payload_ > 0) {
    payload_ -= std::min<std::uint64_t>(payload_, size);
    return GST_PAD_PROBE_OK;
  }
  mp4::Bytes bytes(std::min<std::size_t>(size, mp4::kHeaderBytes));
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  const auto box = mp4::read_header(bytes);
  if (box && box->type == fourcc("mdat")) {
    payload_ = box->size - std::min<std::uint64_t>(box->size, size);
    return GST_PAD_PROBE_OK;
  }
  // Its index of fragments has other times than they have, and their places before they grew.
  if (box && box->type == fourcc("mfra")) return GST_PAD_PROBE_DROP;
  bytes.resize(size);
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  if (box && box->size == size && rewrite(info, *box, bytes)) return GST_PAD_PROBE_OK;
  const auto muxer = adopt(gst_pad_get_parent_element(pad));
  GST_ELEMENT_ERROR(muxer.get(), STREAM, MUX, ("Its fragments are not as they should be."),
                    (nullptr));
  gst_buffer_unref(buffer);
  GST_PAD_PROBE_INFO_DATA(info) = nullptr;
  GST_PAD_PROBE_INFO_FLOW_RETURN(info) = GST_FLOW_ERROR;
  return GST_PAD_PROBE_HANDLED;
}

bool ChunkFragments::rewrite(GstPadProbeInfo* info, const mp4::BoxHeader& box, mp4::View bytes) {
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  std::optional<mp4::Bytes> content;
  if (box.type == fourcc("ftyp"))
    content = mp4::FragmentTimes::rewrite_brands(bytes);
  else if (box.type == fourcc("moov"))
    content = times_.rewrite_movie(bytes, delay_);
  else if (box.type == fourcc("moof"))
    content = times_.rewrite(bytes, start_);
  else
    return true;
  if (!content) return false;
  GST_PAD_PROBE_INFO_DATA(info) = with_content(buffer, *content).release();
  gst_buffer_unref(buffer);
  return true;
}

Result<FragmentedFile> read_fragmented(const std::string& path) {
  const Descriptor fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat s {};
  if (fd && fstat(fd.get(), &s) == 0) {
    if (const auto file = scan(fd.get(), static_cast<std::uint64_t>(s.st_size))) return *file;
  }
  return fail(Kind::usage, "Could not read " + path + " as fragmented MP4.");
}

}  // namespace rostrum
