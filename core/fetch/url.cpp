// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/url.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace rostrum {

namespace {

constexpr std::size_t kLongest = 8192;
constexpr std::size_t kLongestHost = 253;  // RFC 1035, without the root's dot
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHex = "0123456789abcdef";

int usual_port(bool secure) { return secure ? 443 : 80; }

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool is_host(std::string_view host, bool bracketed) {
  const std::string_view allowed =
      bracketed ? "0123456789abcdef:." : "abcdefghijklmnopqrstuvwxyz0123456789-._";
  return !host.empty() && host.size() <= kLongestHost && host.front() != '.' &&
         host.front() != '-' && host.find("..") == host.npos &&
         host.find_first_not_of(allowed) == host.npos;
}

std::optional<int> port_of(std::string_view text, bool secure) {
  if (text.empty()) return usual_port(secure);
  int port = 0;
  if (text.find_first_not_of(kDigits) != text.npos) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || port < 1 || port > 65535) return {};
  return port;
}

// Spaces and what is not ASCII stand in many logs as they are; RFC 3986 wants them encoded.
std::optional<std::string> encoded(std::string_view target) {
  std::string result = target.empty() || target.front() == '?' ? "/" : "";
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '\\') return {};
    if (byte > 0x20 && byte < 0x7f &&
        std::string_view{"\"<>^`{|}"}.find(c) == std::string_view::npos) {
      result += c;
    } else {
      result += '%';
      result += kHex[byte >> 4];
      result += kHex[byte & 15];
    }
  }
  return result;
}

// RFC 3986, section 3.1
bool has_scheme(std::string_view text) {
  const auto end = text.find_first_of(":/?#");
  return end != text.npos && end > 0 && text[end] == ':';
}

// RFC 3986, section 5.2.4; the path begins with a slash.
std::string without_dot_segments(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const auto segment = path.substr(0, end);
    path.remove_prefix(end);
    const bool up = segment == "/..";
    if (!up && segment != "/.") {
      result += segment;
      continue;
    }
    if (up) result.erase(std::min(result.rfind('/'), result.size()));
    if (path.empty()) result += '/';
  }
  return result;
}

// Path and query of a reference without scheme or host.
std::string target_of(const Url& base, std::string_view reference) {
  const std::string_view before = std::string_view{base.target}.substr(0, base.target.find('?'));
  const auto query = std::min(reference.find('?'), reference.size());
  const auto path = reference.substr(0, query);
  if (path.empty())
    return reference.empty() ? base.target : std::string{before} + std::string{reference};
  const auto folder = path.starts_with('/') ? "" : before.substr(0, before.rfind('/') + 1);
  return without_dot_segments(std::string{folder} + std::string{path}) +
         std::string{reference.substr(query)};
}

}  // namespace

std::string_view Url::file_name() const {
  const auto path = std::string_view{target}.substr(0, target.find('?'));
  return path.substr(path.rfind('/') + 1);
}

std::string Url::text() const {
  const bool bracketed = host.find(':') != host.npos;
  return std::string{secure ? "https://" : "http://"} + (bracketed ? "[" + host + "]" : host) +
         (port == usual_port(secure) ? "" : ":" + std::to_string(port)) + target;
}

bool is_remote(std::string_view uri) {
  return uri.starts_with("http://") || uri.starts_with("https://");
}

tl::expected<Url, std::string> parse_url(std::string_view text) {
  const auto refuse = [](const char* why) { return tl::unexpected<std::string>{why}; };
  if (text.size() > kLongest) return refuse("it is longer than 8192 bytes");
  if (!is_remote(text)) return refuse("it does not begin with https:// or http://");
  Url url;
  url.secure = text.starts_with("https:");
  text.remove_prefix(url.secure ? 8 : 7);
  text = text.substr(0, text.find('#'));
  const auto rest = std::min(text.find_first_of("/?"), text.size());
  auto authority = text.substr(0, rest);
  if (authority.find('@') != authority.npos)
    return refuse("it names a user; give secrets with --cookie or --header");
  const bool bracketed = authority.starts_with('[');
  const auto end =
      bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == authority.npos) return refuse("its host is none");
  url.host = lower(authority.substr(bracketed, end - bracketed));
  authority.remove_prefix(end + bracketed);
  if (!is_host(url.host, bracketed))
    return refuse("its host is none (one of other letters has to be written as xn--…)");
  if (!authority.empty() && authority.front() != ':') return refuse("its host is none");
  const auto port = port_of(authority.substr(!authority.empty()), url.secure);
  if (!port) return refuse("its port is none");
  url.port = *port;
  auto target = encoded(text.substr(rest));
  if (!target) return refuse("it holds a control character or a backslash");
  url.target = std::move(*target);
  return url;
}

tl::expected<Url, std::string> resolve_url(const Url& base, std::string_view reference) {
  reference = reference.substr(0, reference.find('#'));
  if (is_remote(reference) || has_scheme(reference)) return parse_url(reference);
  if (reference.size() > kLongest) return parse_url(reference);
  if (reference.starts_with("//"))
    return parse_url((base.secure ? "https:" : "http:") + std::string{reference});
  auto site = base;
  site.target = "/";
  const auto origin = site.text();
  return parse_url(origin.substr(0, origin.size() - 1) + target_of(base, reference));
}

}  // namespace rostrum
