// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/live_options.h"

#include "core/findings.h"
#include "core/live_rules.h"
#include "tools/media_folder.h"
#include "tools/network_options.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace rostrum {

namespace {

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
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

// Why a source may not be opened, a clause with its cure; "" = it may.
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

// All that are not allowed, as for `fetch`.
Result<void> check_hosts(const Job& job, const LivePlan& plan, const LiveOptions& options) {
  const auto rules = host_rules(options.hosts, "");
  Problems problems;
  for (const auto& track : plan.tracks)
    if (auto why = refusal(track.source, rules); !why.empty())
      problems.push_back({"/tracks/" + std::to_string(track.index) + "/uri", why});
  if (problems.empty()) return {};
  return tl::unexpected(manifest_error(job.path, problems));
}

}  // namespace

void add_live(CLI::App* app, LiveOptions& options) {
  add_hosts(app, options.hosts,
            "Open live sources of this host; an address may then be a private one");
}

bool needs_network(const LivePlan& plan) {
  return std::any_of(plan.tracks.begin(), plan.tracks.end(),
                     [](const LiveTrack& track) { return track.source.uses_network(); });
}

Result<std::shared_ptr<LiveJob>> open_live(const JobOptions& options, const LiveOptions& live) {
  if (is_media_folder(options.path)) return nullptr;
  auto job = read_job(options.path);
  if (!job) return tl::unexpected(job.error());
  if (!is_live(job->manifest)) return nullptr;
  auto plan = plan_live(job->manifest);
  if (auto fine = check_hosts(*job, plan, live); !fine) return tl::unexpected(fine.error());
  return std::make_shared<LiveJob>(LiveJob{std::move(*job), std::move(plan)});
}

}  // namespace rostrum
