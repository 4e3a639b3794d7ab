// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live_uri.h"

#include "core/findings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace rostrum {

namespace {

using Parsed = tl::expected<LiveUri, std::string>;

constexpr auto kSchemes = std::to_array<std::string_view>({"rtsp", "rtsps", "srt", "v4l2", "test"});
constexpr int kMostPort = 65535;
constexpr std::size_t kMostSettings = 32;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

// RFC 3986, 3.1, in lower case.
bool is_scheme_letter(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || c == '+' || c == '-' || c == '.';
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.front() != '.' && host.front() != '-' &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
         });
}

bool is_ipv6(std::string_view host) {
  return std::count(host.begin(), host.end(), ':') >= 2 &&
         std::all_of(host.begin(), host.end(),
                     [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

// Nothing where a percent sign is not followed by two hexadecimal digits, or means NUL.
std::optional<std::string> decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return {};
    unsigned code = 0;
    std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16);
    if (code == 0) return {};
    result += static_cast<char>(code);
    i += 2;
  }
  return result;
}

// The colon and what follows it.
tl::expected<int, std::string> read_port(std::string_view text) {
  if (text.empty()) return 0;
  int port = 0;
  text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
  if (!digits || error != std::errc{} || port < 1 || port > kMostPort)
    return tl::unexpected<std::string>(
        "its port is not one from 1 to 65535; in a password / is written as %2F");
  return port;
}

tl::expected<void, std::string> read_authority(LiveUri& uri, std::string_view text) {
  if (const auto at = text.find('@'); at != text.npos) {
    if (text.find('@', at + 1) != text.npos)
      return tl::unexpected<std::string>("it has two @: write the one in a password as %40");
    uri.user = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  const bool brackets = text.starts_with('[');
  const auto end = brackets ? text.find(']') : text.find(':');
  if (brackets && end == text.npos)
    return tl::unexpected<std::string>("its bracket before an address is not closed");
  const auto host = brackets ? text.substr(1, end - 1) : text.substr(0, end);
  for (const auto c : host) uri.host += lower(c);
  const auto rest = end == text.npos ? std::string_view{} : text.substr(end + (brackets ? 1 : 0));
  if (!rest.empty() && rest.front() != ':')
    return tl::unexpected<std::string>("only a port can follow its address");
  if (brackets ? !is_ipv6(uri.host) : !uri.host.empty() && !is_host_name(uri.host))
    return tl::unexpected<std::string>("its host is no host's name or address");
  const auto port = read_port(rest);
  if (!port) return tl::unexpected(port.error());
  uri.port = *port;
  return {};
}

tl::expected<void, std::string> read_query(LiveUri& uri, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = part.find('=');
    const auto key = std::string{part.substr(0, equals)};
    if (equals == part.npos || equals == 0)
      return tl::unexpected<std::string>(
          "it has a setting that is not KEY=VALUE; in a value & is written as %26");
    const auto value = decoded(part.substr(equals + 1));
    if (!value)
      return tl::unexpected<std::string>(
          "a value in it is wrongly encoded: two hexadecimal digits follow a %");
    if (std::any_of(uri.query.begin(), uri.query.end(),
                    [&](const auto& entry) { return entry.key == key; }))
      return tl::unexpected<std::string>("it has a setting twice");
    if (uri.query.size() == kMostSettings)
      return tl::unexpected<std::string>("it has too many settings");
    uri.query.push_back({key, *value});
  }
  return {};
}

// Printable ASCII without what some readers take for something else.
bool is_plain(std::string_view text) {
  constexpr std::string_view kRefused = "\\\"<>^`{|}#";
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return c > ' ' && c <= '~' && kRefused.find(c) == kRefused.npos;
  });
}

tl::expected<std::string, std::string> read_scheme(std::string_view text) {
  const auto colon = text.find(':');
  std::string scheme;
  for (const auto c : text.substr(0, colon)) scheme += lower(c);
  if (colon != text.npos && std::find(kSchemes.begin(), kSchemes.end(), scheme) != kSchemes.end())
    return scheme;
  // "user:password@host" has one, too, and "password@host:554" what looks like one.
  const bool named = colon != text.npos && text.substr(colon).starts_with("://") &&
                     std::all_of(scheme.begin(), scheme.end(), is_scheme_letter);
  return tl::unexpected(
      (named ? in_quotes(scheme + ":") + " is no live source" : std::string{"it has no scheme"}) +
      ": expected rtsp:, rtsps:, srt:, v4l2: or test:; files belong to \"assets\" and \"clips\"");
}

}  // namespace

std::string LiveUri::authority() const {
  const auto name = host.find(':') == host.npos ? host : "[" + host + "]";
  return port == 0 ? name : name + ":" + std::to_string(port);
}

Parsed parse_live_uri(std::string_view text) {
  const auto scheme = read_scheme(text);
  if (!scheme) return tl::unexpected(scheme.error());
  if (!is_plain(text))
    return tl::unexpected<std::string>(
        "it holds a character that a URI cannot hold: write it as % and two hexadecimal digits");
  LiveUri uri;
  uri.text = text;
  uri.scheme = *scheme;
  auto rest = text.substr(scheme->size() + 1);
  const bool network = *scheme != "v4l2" && *scheme != "test";
  const auto question = std::min(rest.find('?'), rest.size());
  const auto query = rest.substr(std::min(question + 1, rest.size()));
  rest = rest.substr(0, question);
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const auto slash = std::min(rest.find('/'), rest.size());
    if (network) {
      if (auto done = read_authority(uri, rest.substr(0, slash)); !done)
        return tl::unexpected(done.error());
      rest.remove_prefix(slash);
    } else if (slash != 0) {
      return tl::unexpected("it names a host, of which " + *scheme + ": knows nothing");
    }
  } else if (network) {
    return tl::unexpected("expected \"" + *scheme + "://HOST\"");
  }
  if (*scheme == "test") rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
  uri.path = rest;
  if (*scheme == "rtsp" || *scheme == "rtsps") return uri;
  if (auto done = read_query(uri, query); !done) return tl::unexpected(done.error());
  return uri;
}

}  // namespace rostrum
