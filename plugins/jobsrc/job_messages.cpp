// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jobsrc/job_messages.h"

#include "engine/graph_sources.h"

#include <filesystem>
#include <tuple>
#include <utility>

namespace rostrum {

namespace {

std::pair<GQuark, gint> code_of(Kind kind) {
  switch (kind) {
  case Kind::usage:
    return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ};
  case Kind::manifest:
    return {GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT};
  case Kind::missing_component:
    return {GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN};
  case Kind::media:
    return {GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE};
  default:
    return {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED};
  }
}

void post_text(GstElement* element, GstMessageType type, const Error& error) {
  const auto [domain, code] = code_of(error.kind);
  gst_element_message_full(element, type, domain, code, g_strdup((error.message + ".").c_str()),
                           nullptr, __FILE__, GST_FUNCTION, __LINE__);
}

void append(GValue* list, const std::string& pointer, const std::string& message) {
  GValue item = G_VALUE_INIT;
  g_value_init(&item, GST_TYPE_STRUCTURE);
  g_value_take_boxed(&item, gst_structure_new("problem", "pointer", G_TYPE_STRING, pointer.c_str(),
                                              "message", G_TYPE_STRING, message.c_str(), nullptr));
  gst_value_array_append_and_take_value(list, &item);
}

// Of lines "job.json:/tracks/2: …" the pointer and the rest.
void list_problems(const std::string& location, const std::string& text, GValue* list) {
  g_value_init(list, GST_TYPE_ARRAY);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with(location + ":")) line.erase(0, location.size() + 1);
    const auto colon = line.starts_with('/') ? line.find(": ") : line.npos;
    if (colon == line.npos)
      append(
          list, "",
          line.starts_with(' ') || line.starts_with(':') ? line.substr(line.find(' ') + 1) : line);
    else
      append(list, line.substr(0, colon), line.substr(colon + 2));
  }
}

// What the planning found, for the element has only seen that there is no file.
std::string with_problem(std::string text, const PlannedJob& planned) {
  for (const auto& [id, info] : planned.job.media) {
    if (info.usable()) continue;
    const auto at = text.find(name_without_file(id) + ": ");
    if (at != text.npos) text.replace(at, text.npos, info.path + ": " + info.problem + ".");
  }
  return text;
}

// With each descriptor's name, which the text may hold.
std::string named(std::string text, const PlannedJob& planned) {
  for (const auto& [id, link] : planned.paths) {
    const auto at = link.empty() ? text.npos : text.find(link);
    const bool whole = at != text.npos && (at + link.size() == text.size() ||
                                           !g_ascii_isdigit(text[at + link.size()]));
    if (whole) text.replace(at, link.size(), planned.job.media.find(id)->second.path);
  }
  return text;
}

GstMessage* trouble_named(GstMessage* message, const PlannedJob& planned) {
  GError* raw = nullptr;
  gchar* raw_debug = nullptr;
  const bool fatal = GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR;
  fatal ? gst_message_parse_error(message, &raw, &raw_debug)
        : gst_message_parse_warning(message, &raw, &raw_debug);
  const GErrorPtr error{raw};
  const GCharPtr debug{raw_debug};
  const GErrorPtr changed{g_error_new_literal(
      error->domain, error->code, with_problem(named(error->message, planned), planned).c_str())};
  return fatal ? gst_message_new_error(GST_MESSAGE_SRC(message), changed.get(), debug.get())
               : gst_message_new_warning(GST_MESSAGE_SRC(message), changed.get(), debug.get());
}

GstMessage* substitution_named(GstMessage* message, const PlannedJob& planned) {
  auto* structure = gst_structure_copy(gst_message_get_structure(message));
  const char* location = gst_structure_get_string(structure, "location");
  if (location)
    gst_structure_set(structure, "location", G_TYPE_STRING, named(location, planned).c_str(),
                      nullptr);
  const char* asset = gst_structure_get_string(structure, "asset");
  const auto medium = planned.job.media.find(asset ? asset : "");
  if (medium != planned.job.media.end() && !medium->second.usable()) {
    const auto& [path, problem] = std::tie(medium->second.path, medium->second.problem);
    std::error_code error;
    const bool there = std::filesystem::exists(path, error);
    gst_structure_set(structure, "location", G_TYPE_STRING, path.c_str(), "what", G_TYPE_STRING,
                      there ? "damaged" : "missing", "why", G_TYPE_STRING, problem.c_str(),
                      nullptr);
  }
  return gst_message_new_element(GST_MESSAGE_SRC(message), structure);
}

}  // namespace

GstPtr<GstMessage> with_names(GstPtr<GstMessage> message, const PlannedJob& planned) {
  GstMessage* changed = nullptr;
  const auto type = GST_MESSAGE_TYPE(message.get());
  if (type == GST_MESSAGE_ERROR || type == GST_MESSAGE_WARNING)
    changed = trouble_named(message.get(), planned);
  else if (gst_message_has_name(message.get(), "rostrum-substitution"))
    changed = substitution_named(message.get(), planned);
  if (!changed) return message;
  gst_message_set_seqnum(changed, gst_message_get_seqnum(message.get()));
  return adopt(changed);
}

void post_unplayable(GstElement* element, const Error& error) {
  post_text(element, GST_MESSAGE_ERROR, error);
}

void post_invalid(GstElement* element, const std::string& location, const Error& error) {
  auto* structure =
      gst_structure_new("rostrum-job-invalid", "location", G_TYPE_STRING, location.c_str(), "text",
                        G_TYPE_STRING, error.message.c_str(), nullptr);
  GValue problems = G_VALUE_INIT;
  list_problems(location, error.message, &problems);
  gst_structure_take_value(structure, "problems", &problems);
  gst_element_post_message(element, gst_message_new_element(GST_OBJECT(element), structure));
  post_text(element, GST_MESSAGE_WARNING, error);
}

void post_reloaded(GstElement* element, const std::string& location) {
  auto* structure = gst_structure_new("rostrum-job-reloaded", "location", G_TYPE_STRING,
                                      location.c_str(), nullptr);
  gst_element_post_message(element, gst_message_new_duration_changed(GST_OBJECT(element)));
  gst_element_post_message(element, gst_message_new_element(GST_OBJECT(element), structure));
}

}  // namespace rostrum
