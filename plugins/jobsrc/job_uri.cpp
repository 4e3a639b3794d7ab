// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jobsrc/job_uri.h"

#include "core/findings.h"
#include "lib/gst_ptr.h"

#include <optional>

namespace rostrum {

namespace {

std::optional<std::string> decoded(const std::string& text) {
  const GCharPtr plain{g_uri_unescape_string(text.c_str(), nullptr)};
  return plain ? std::optional<std::string>{plain.get()} : std::nullopt;
}

// "at=12:34", and nothing else.
Result<Nanoseconds> parse_query(const std::string& query) {
  const auto equals = query.find('=');
  const auto key = query.substr(0, equals);
  if (key != "at" || equals == query.npos || query.find('&') != query.npos)
    return fail(Kind::usage,
                "of a rostrum: URI " + in_quotes("?" + query) + " is not understood; ?at=12:34 is");
  const auto text = decoded(query.substr(equals + 1));
  const auto at = text ? parse_time(*text) : std::nullopt;
  if (!at || *at < 0ns)
    return fail(Kind::usage,
                in_quotes(query) + " is no time; at=83.5, at=1:23.5 and at=0:01:23 are");
  return *at;
}

}  // namespace

Result<JobUri> parse_job_uri(const std::string& uri) {
  const std::string scheme = std::string{kJobScheme} + ":";
  if (g_ascii_strncasecmp(uri.c_str(), scheme.c_str(), scheme.size()) != 0)
    return fail(Kind::usage, in_quotes(uri) + " is no rostrum: URI");
  auto rest = uri.substr(scheme.size());
  JobUri job;
  if (const auto mark = rest.find('?'); mark != rest.npos) {
    const auto at = parse_query(rest.substr(mark + 1));
    if (!at) return tl::unexpected(at.error());
    job.at = *at;
    rest.resize(mark);
  }
  if (rest.starts_with("//")) {
    rest.erase(0, 2);
    const auto slash = rest.find('/');
    const auto host = rest.substr(0, slash);
    if (!host.empty() && host != "localhost")
      return fail(Kind::usage, in_quotes(uri) + " names the machine " + in_quotes(host) +
                                   ", but jobs lie on this one; a path has three slashes: "
                                   "rostrum:///folder/job.json");
    rest.erase(0, slash == rest.npos ? rest.size() : slash);
  }
  const auto path = decoded(rest);
  if (!path || path->empty())
    return fail(Kind::usage, in_quotes(uri) + " names no file; rostrum:///folder/job.json does");
  job.path = *path;
  return job;
}

std::string job_uri(const JobUri& job) {
  const GCharPtr path{g_uri_escape_string(job.path.c_str(), "/", TRUE)};
  const char* before = job.path.starts_with("/") ? ":///" : ":";
  auto uri =
      std::string{kJobScheme} + before + (job.path.starts_with("/") ? path.get() + 1 : path.get());
  if (job.at > 0ns) uri += "?at=" + format_time(job.at);
  return uri;
}

}  // namespace rostrum
