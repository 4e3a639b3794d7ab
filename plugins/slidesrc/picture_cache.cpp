// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slidesrc/picture_cache.h"

#include "engine/picture.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr std::size_t kKept = 4;  // a slide, its neighbours and the black of gaps

}  // namespace

const CachedPicture* PictureCache::find(const Key& key) {
  const auto found = std::find_if(recent_.begin(), recent_.end(),
                                  [&](const auto& entry) { return entry.first == key; });
  if (found == recent_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found);
  return &recent_.front().second;
}

const CachedPicture& PictureCache::keep(Key key, CachedPicture picture) {
  recent_.emplace_front(std::move(key), std::move(picture));
  if (recent_.size() > kKept) recent_.pop_back();
  return recent_.front().second;
}

Result<const CachedPicture*> PictureCache::get(const Slide& slide, Size size,
                                               GCancellable* cancellable) {
  const std::int64_t color = slide.color ? std::int64_t{*slide.color} : -1;
  Key key{slide.location, slide.page, size.width, size.height, slide.fit, color, slide.background};
  if (const auto* found = find(key)) return found;
  if (slide.color) return &keep(std::move(key), {plain_picture(size, *slide.color), {}});
  auto frame =
      load_picture({slide.location, slide.page, size, slide.background, slide.fit}, cancellable);
  if (frame) return &keep(std::move(key), {std::move(*frame), {}});
  if (frame.error().kind == Kind::interrupted) return tl::unexpected(frame.error());
  return &keep(std::move(key), {page_placeholder(size, slide.page), frame.error().message});
}

const CachedPicture& PictureCache::black(Size size) {
  const Slide slide{.color = 0x000000};
  return **get(slide, size, nullptr);
}

}  // namespace rostrum
