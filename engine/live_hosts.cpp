// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/live_hosts.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <memory>

namespace rostrum {

namespace {

// An IP address as bytes; none for a name.
std::vector<std::uint8_t> address_bytes(const std::string& host) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, host.c_str(), bytes.data()) == 1)
    return {bytes.begin(), bytes.begin() + 4};
  if (inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return {bytes.begin(), bytes.end()};
  return {};
}

// "Example.org", "127.0.0.1", "::1", "[::1]"
std::string host_name(std::string text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

struct Address {
  std::vector<std::uint8_t> bytes;
  std::string text;
};

Address read_address(const sockaddr& address) {
  const bool v4 = address.sa_family == AF_INET;
  const auto* bytes = v4 ? reinterpret_cast<const std::uint8_t*>(
                               &reinterpret_cast<const sockaddr_in&>(address).sin_addr)
                         : reinterpret_cast<const std::uint8_t*>(
                               &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.sa_family, bytes, text.data(), text.size());
  return {{bytes, bytes + (v4 ? sizeof(in_addr) : sizeof(in6_addr))}, text.data()};
}

// None where the name is not known now: a camera may come later.
std::vector<Address> addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &raw) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> found{raw, freeaddrinfo};
  std::vector<Address> all;
  for (const auto* one = found.get(); one; one = one->ai_next)
    if (one->ai_family == AF_INET || one->ai_family == AF_INET6)
      all.push_back(read_address(*one->ai_addr));
  return all;
}

bool is_loopback(const std::string& address) {
  const auto bytes = address_bytes(address);
  return address == "localhost" || address == "::1" || (bytes.size() == 4 && bytes[0] == 127);
}

}  // namespace

bool is_host(const std::string& text) {
  const auto host = host_name(text);
  const bool fine = !address_bytes(host).empty() || parse_url("https://" + host + "/").has_value();
  return fine && host.find('/') == host.npos &&
         (host.find(':') == host.npos || !address_bytes(host).empty());
}

HostRules host_rules(const std::vector<std::string>& hosts, const std::string& importer) {
  HostRules rules;
  rules.domains = domains_of(importer);
  for (const auto& named : hosts) {
    const auto host = host_name(named);
    rules.hosts.push_back(host);
    if (auto bytes = address_bytes(host); !bytes.empty())
      rules.addresses.push_back(std::move(bytes));
  }
  return rules;
}

std::string refusal(const LiveSource& source, const HostRules& rules) {
  const auto allowed = [](const std::string& host) {
    return "; --allow-host " + host + " allows it";
  };
  if (!source.listens.empty())
    return is_loopback(source.listens) || rules.names(source.listens)
               ? ""
               : "it waits where other machines can call, at " + source.listens +
                     allowed(source.listens);
  if (source.host.empty()) return {};
  if (!rules.names(source.host))
    return "the host " + source.host + " is called only if you allow it" + allowed(source.host);
  for (const auto& [bytes, text] : addresses_of(source.host))
    if (auto why = rules.refusal_of_address(bytes, text); !why.empty()) return why;
  return {};
}

Problems refused_hosts(const LivePlan& plan, const HostRules& rules) {
  Problems problems;
  for (const auto& track : plan.tracks)
    if (auto why = refusal(track.source, rules); !why.empty())
      problems.push_back({"/tracks/" + std::to_string(track.index) + "/uri", why});
  return problems;
}

}  // namespace rostrum
