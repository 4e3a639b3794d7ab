// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/network_options.h"

#include "engine/live_hosts.h"
#include "tools/fetch_secrets.h"

#include <CLI/CLI.hpp>

#include <utility>

namespace rostrum {

namespace {

std::string check_host(const std::string& text) {
  return is_host(text)
             ? ""
             : text + " is no host's name or address (write it without https:// and port)";
}

void add_limits(CLI::App* app, NetworkOptions& o) {
  app->add_option("--parallel", o.parallel, "Files that are fetched at once; default 4")
      ->check(CLI::Range(1, 64).description(""))
      ->type_name("N");
  app->add_option("--retries", o.retries,
                  "Attempts after one that failed, in succession without progress; default 5")
      ->check(CLI::Range(0, 100).description(""))
      ->type_name("N");
  const auto seconds = [app](const char* name, Nanoseconds& target, const char* help) {
    app->add_option_function<double>(
           name, [&target](double value) { target = from_seconds(value).value_or(target); }, help)
        ->check(CLI::Range(0.01, 864000.0).description(""))
        ->type_name("SECONDS");
  };
  seconds("--retry-pause", o.retry_pause,
          "Wait about so long before the first of them, twice as long before each further; "
          "default 0.5");
  seconds("--connect-timeout", o.connect_timeout,
          "Give up a connection that is not made after this long; default 30");
  seconds("--timeout", o.timeout,
          "Give up a file that is not whole after this long; default: never");
  app->add_option_function<double>(
         "--max-size",
         [&o](double megabytes) { o.largest_file = static_cast<std::uint64_t>(megabytes * 1e6); },
         "Refuse a file that is larger; default 50000")
      ->check(CLI::Range(0.001, 1e9).description(""))
      ->type_name("MB");
}

}  // namespace

void add_hosts(CLI::App* app, std::vector<std::string>& hosts, const std::string& help) {
  app->add_option("--allow-host", hosts, help)
      ->allow_extra_args(false)
      ->check(CLI::Validator{check_host, ""})
      ->type_name("HOST");
}

void add_network(CLI::App* app, NetworkOptions& o) {
  add_hosts(app, o.hosts, "Fetch from this host, too; an address may then be a private one");
  app->add_flag("--allow-http", o.plain_http, "Fetch over http, which is not encrypted, too");
  app->add_option("--cookie", o.cookie_file,
                  "File with cookies, NAME=VALUE; default: the environment's ROSTRUM_COOKIE")
      ->type_name("FILE");
  app->add_option("--header", o.header_file,
                  "File with headers, NAME: VALUE; default: the environment's ROSTRUM_HEADER")
      ->type_name("FILE");
  add_limits(app, o);
}

Result<DownloadOptions> download_options(const NetworkOptions& options, const std::string& importer,
                                         Nanoseconds stall_timeout) {
  auto secrets = read_secrets(options.cookie_file, options.header_file);
  if (!secrets) return tl::unexpected(secrets.error());
  DownloadOptions download;
  download.secrets = std::move(*secrets);
  download.hosts = host_rules(options.hosts, importer);
  download.hosts.plain_http = options.plain_http;
  download.retry.retries = options.retries;
  download.retry.first_pause = options.retry_pause;
  download.parallel = options.parallel;
  download.connect_timeout = options.connect_timeout;
  download.stall_timeout = stall_timeout;
  download.timeout = options.timeout;
  download.largest_file = options.largest_file;
  return download;
}

}  // namespace rostrum
