// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jobsrc/job_toc.h"

namespace rostrum {

namespace {

GstTagList* title_tags(const std::string& title) {
  return gst_tag_list_new(GST_TAG_TITLE, title.c_str(), nullptr);
}

GstTocEntry* entry(GstTocEntryType type, const std::string& id, Nanoseconds from, Nanoseconds to) {
  auto* made = gst_toc_entry_new(type, id.c_str());
  gst_toc_entry_set_start_stop_times(made, from.count(), to.count());
  return made;
}

}  // namespace

GstPtr<GstEvent> title_event(const PlannedJob& planned) {
  auto* tags = title_tags(title_of(planned.job));
  gst_tag_list_set_scope(tags, GST_TAG_SCOPE_GLOBAL);
  return adopt(gst_event_new_tag(tags));
}

GstPtr<GstEvent> chapters_event(const PlannedJob& planned) {
  const auto& chapters = planned.plan.chapters;
  const auto end = planned.plan.grid.start(planned.plan.frames.end);
  auto* toc = gst_toc_new(GST_TOC_SCOPE_GLOBAL);
  auto* edition = entry(GST_TOC_ENTRY_TYPE_EDITION, "film", 0ns, end);
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    const auto to = i + 1 < chapters.size() ? chapters[i + 1].start : end;
    auto* chapter = entry(GST_TOC_ENTRY_TYPE_CHAPTER, "chapter-" + std::to_string(i + 1),
                          chapters[i].start, to);
    gst_toc_entry_set_tags(chapter, title_tags(chapters[i].title));
    gst_toc_entry_append_sub_entry(edition, chapter);
  }
  chapters.empty() ? gst_toc_entry_unref(edition) : gst_toc_append_entry(toc, edition);
  auto event = adopt(gst_event_new_toc(toc, FALSE));
  gst_toc_unref(toc);
  return event;
}

}  // namespace rostrum
