// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/encoders.h"

#include "core/findings.h"
#include "engine/built_in_encoders.h"
#include "engine/components.h"
#include "engine/encoder_settings.h"
#include "engine/library_builds.h"
#include "lib/gst_ptr.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

bool installed(const std::string& element) {
  return adopt(gst_element_factory_find(element.c_str())) != nullptr;
}

// "NAME VERSION" of the plugin that brings it.
std::string plugin_version(const std::string& element) {
  const auto factory = adopt(gst_element_factory_find(element.c_str()));
  const auto plugin =
      factory ? adopt(gst_plugin_feature_get_plugin(GST_PLUGIN_FEATURE(factory.get()))) : nullptr;
  if (!plugin) return {};
  return std::string{gst_plugin_get_name(plugin.get())} + " " +
         gst_plugin_get_version(plugin.get()) + "\n";
}

// What of the encoder's profiles its element does not take.
Problems check_profiles(const VideoEncoder& encoder) {
  Problems problems;
  if (!installed(encoder.element)) return problems;
  for (const auto& [profile, settings] : encoder.profiles)
    if (const auto text = launch_settings(encoder, profile); !text)
      problems.insert(problems.end(), text.error().begin(), text.error().end());
  return problems;
}

Problems add_file(const std::string& path, std::vector<VideoEncoder>& encoders) {
  std::ifstream file{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  auto before = encoders;
  if (auto problems = add_encoder(text, encoders); !problems.empty()) return problems;
  for (const auto& encoder : encoders) {
    const auto* old = find_encoder(before, encoder.name);
    if (old && old->element == encoder.element && old->profiles == encoder.profiles) continue;
    if (auto problems = check_profiles(encoder); !problems.empty()) return problems;
  }
  return {};
}

Result<std::vector<std::string>> files_in(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> files;
  fs::directory_iterator entry{folder, error};
  for (; !error && entry != fs::end(entry); entry.increment(error))
    if (entry->path().extension() == ".json") files.push_back(entry->path().string());
  if (error) return fail(Kind::usage, folder + ": cannot be read: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

tl::unexpected<Error> unknown_encoder(const std::vector<VideoEncoder>& encoders,
                                      const std::string& name) {
  std::vector<std::string> names{"auto"};
  for (const auto& encoder : encoders) names.push_back(encoder.name);
  return fail(Kind::usage,
              "there is no encoder " + in_quotes(name) + "; there are " + list_names(names));
}

tl::unexpected<Error> unknown_profile(const std::vector<VideoEncoder>& of,
                                      const std::string& profile) {
  return fail(Kind::usage,
              (of.size() == 1 ? "the encoder " + of.front().name + " has" : "there is") +
                  " no profile " + in_quotes(profile) + "; there are " +
                  list_names(profile_names(of)));
}

// What "auto" chooses from.
std::vector<VideoEncoder> all_of(const std::vector<VideoEncoder>& encoders,
                                 std::string_view codec) {
  std::vector<VideoEncoder> found;
  for (const auto& encoder : encoders)
    if (encoder.codec == codec) found.push_back(encoder);
  return found;
}

// Before the parser: the format that the encoder takes, and its element with its settings.
std::string raw_input(const VideoEncoder& encoder) {
  if (encoder.input.empty()) return "";
  return "videoconvert ! video/x-raw,format=" + encoder.input + " ! ";
}

std::string output_caps(const VideoEncoder& encoder, const VideoCodec& codec) {
  auto caps = std::string{codec.media_type};
  for (const auto& [field, value] : encoder.caps) caps += "," + field + "=" + value;
  return caps;
}

}  // namespace

Result<std::vector<VideoEncoder>> load_encoders(const std::vector<std::string>& folders) {
  std::vector<VideoEncoder> encoders;
  std::string wrong;
  const auto report = [&](const std::string& file, const Problems& problems) {
    if (!problems.empty())
      wrong += (wrong.empty() ? "" : "\n") + manifest_error(file, problems).message;
  };
  for (const auto& file : built_in_encoders()) {
    std::vector<VideoEncoder> one;  // alone: they stand in order already
    report("data/profiles", add_encoder(file, one));
    encoders.insert(encoders.end(), one.begin(), one.end());
  }
  for (const auto& folder : folders) {
    const auto files = files_in(folder);
    if (!files) return tl::unexpected(files.error());
    for (const auto& file : *files) report(file, add_file(file, encoders));
  }
  if (!wrong.empty()) return fail(Kind::manifest, wrong);
  return encoders;
}

Result<std::vector<VideoEncoder>> usable_encoders(const std::vector<VideoEncoder>& encoders,
                                                  const std::string& name,
                                                  const std::string& profile,
                                                  std::string_view codec) {
  const auto* named = find_encoder(encoders, name);
  if (name != "auto" && !named) return unknown_encoder(encoders, name);
  auto found = named ? std::vector{*named} : all_of(encoders, codec);
  if (const auto names = profile_names(found);
      std::find(names.begin(), names.end(), profile) == names.end())
    return unknown_profile(found, profile);
  const std::string parser{video_codec(found.front().codec)->parser};
  if (!installed(parser)) return fail(Kind::missing_component, missing_element(parser));
  std::erase_if(found, [&](const auto& encoder) { return !encoder.profiles.contains(profile); });
  // Of all that could be installed, that of the processor can be everywhere.
  const auto software = std::find_if(found.begin(), found.end(),
                                     [](const auto& encoder) { return !needs_device(encoder); });
  const auto missing = software == found.end() ? found.front().element : software->element;
  std::erase_if(found, [](const auto& encoder) { return !installed(encoder.element); });
  if (found.empty()) return fail(Kind::missing_component, missing_element(missing));
  return found;
}

Result<PictureCoding> picture_coding(const VideoEncoder& encoder, const std::string& profile) {
  const auto settings = launch_settings(encoder, profile);
  if (!settings) return tl::unexpected(manifest_error("encoder " + encoder.name, settings.error()));
  const auto& codec = *video_codec(encoder.codec);
  const auto caps = output_caps(encoder, codec);
  PictureCoding coding{encoder.name, profile, {}, {}, needs_device(encoder)};
  coding.description = raw_input(encoder) + encoder.element + *settings + " ! " + caps + " ! " +
                       std::string{codec.parser} +
                       " ! capsfilter caps=" + std::string{codec.media_type} + "," +
                       std::string{codec.format};
  coding.builds = plugin_version(encoder.element);
  if (!encoder.library.empty()) coding.builds += library_builds({encoder.library.c_str()});
  return coding;
}

}  // namespace rostrum
