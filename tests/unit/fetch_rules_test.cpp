// SPDX-License-Identifier: LGPL-2.1-or-later
// URLs, addresses, hosts, proxies and retries of a fetch.
#include "core/fetch/address.h"
#include "core/fetch/host_rules.h"
#include "core/fetch/proxy.h"
#include "core/fetch/retry_rules.h"
#include "core/fetch/url.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

namespace rostrum {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(Url, IsReadInParts) {
  const auto url = parse_url("https://My.Example.org:8443/a/b%20c.mp4?x=1#frag");
  ASSERT_TRUE(url);
  EXPECT_EQ(*url, (Url{true, "my.example.org", 8443, "/a/b%20c.mp4?x=1"}));
  EXPECT_EQ(url->file_name(), "b%20c.mp4");
  EXPECT_EQ(url->text(), "https://my.example.org:8443/a/b%20c.mp4?x=1");
}

TEST(Url, IsWrittenAsItIsUnderstood) {
  const std::pair<const char*, const char*> kCases[] = {
      {"http://a", "http://a/"},
      {"http://a:80?q", "http://a/?q"},
      {"https://[2001:DB8::1]:443/x", "https://[2001:db8::1]/x"},
      {"https://a/с лайд.png", "https://a/%d1%81%20%d0%bb%d0%b0%d0%b9%d0%b4.png"},
      {"https://a/%41//b/", "https://a/%41//b/"},
  };
  for (const auto& [text, written] : kCases) {
    const auto url = parse_url(text);
    ASSERT_TRUE(url) << text << ": " << url.error();
    EXPECT_EQ(url->text(), written);
    EXPECT_EQ(parse_url(written), *url);
  }
}

TEST(Url, WhoseHostCouldBeTakenForAnotherIsRefused) {
  for (const char* text : {"",
                           "a",
                           "ftp://a/",
                           "https:/a",
                           "https://",
                           "https:///x",
                           "https://a@b/",
                           "https://a:b@c/",
                           "https://a\\@b/",
                           "https://a b/",
                           "https://a%2eb/",
                           "https://ä.de/",
                           "https://a:0/",
                           "https://a:65536/",
                           "https://a:8x/",
                           "https://a:-1/",
                           "https://[::1/",
                           "https://[::1]x/",
                           "https://[a.b]g/",
                           "https://.a/",
                           "https://a..b/",
                           "https://-a/",
                           "https://a/\n",
                           "https://a/\\b",
                           "https://a\t/",
                           "HTTPS://a/"})
    EXPECT_FALSE(parse_url(text)) << text;
  EXPECT_FALSE(parse_url("https://a/" + std::string(9000, 'x')));
  EXPECT_FALSE(parse_url(std::string_view{"https://a\0/", 11}));
}

TEST(Address, RangesThatAreNotTheInternet) {
  const std::pair<Bytes, std::string_view> kCases[] = {
      {{8, 8, 8, 8}, ""},
      {{127, 0, 0, 1}, "loopback"},
      {{127, 255, 255, 255}, "loopback"},
      {{128, 0, 0, 0}, ""},
      {{10, 1, 2, 3}, "private"},
      {{172, 15, 0, 1}, ""},
      {{172, 16, 0, 1}, "private"},
      {{172, 31, 255, 255}, "private"},
      {{172, 32, 0, 0}, ""},
      {{192, 168, 0, 1}, "private"},
      {{192, 169, 0, 1}, ""},
      {{169, 254, 169, 254}, "link-local"},
      {{100, 64, 0, 1}, "shared by a carrier"},
      {{100, 128, 0, 1}, ""},
      {{0, 0, 0, 0}, "of this network"},
      {{224, 0, 0, 1}, "multicast"},
      {{255, 255, 255, 255}, "reserved"},
      {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "loopback"},
      {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, "reserved"},
      {{0x20, 0x01, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x88}, ""},
      {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "for documentation"},
      {{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "link-local"},
      {{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "private"},
      // IPv4 in IPv6: mapped, NAT64, 6to4
      {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, "loopback"},
      {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 8, 8, 8, 8}, ""},
      {{0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1}, "private"},
      {{0x20, 0x02, 192, 168, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "private"},
      {{}, "of an unknown kind"},
  };
  for (const auto& [bytes, range] : kCases)
    EXPECT_EQ(special_range(bytes), range) << testing::PrintToString(bytes);
}

HostRules rules() {
  return {.domains = domains_of("mtslink"),
          .hosts = {"media.corp", "10.0.0.7"},
          .addresses = {{10, 0, 0, 7}}};
}

TEST(HostRules, AllowTheImportersDomainsAndWhatIsNamed) {
  for (const char* host :
       {"my.mts-link.ru", "events-storage.webinar.ru", "webinar.ru", "media.corp"})
    EXPECT_EQ(rules().refusal(*parse_url("https://" + std::string{host} + "/x")), "") << host;
  for (const char* host : {"evilwebinar.ru", "webinar.ru.evil.org", "a.media.corp", "localhost"})
    EXPECT_NE(rules()
                  .refusal(*parse_url("https://" + std::string{host} + "/x"))
                  .find("--allow-host " + std::string{host}),
              std::string::npos)
        << host;
  EXPECT_TRUE(domains_of("bigbluebutton").empty());
}

TEST(HostRules, RefuseWhatIsNotEncrypted) {
  auto some = rules();
  EXPECT_NE(some.refusal(*parse_url("http://media.corp/x")).find("--allow-http"),
            std::string::npos);
  some.plain_http = true;
  EXPECT_EQ(some.refusal(*parse_url("http://media.corp/x")), "");
}

TEST(HostRules, AllowAPrivateAddressOnlyIfItIsNamed) {
  EXPECT_EQ(rules().refusal_of_address(Bytes{10, 0, 0, 7}, "10.0.0.7"), "");
  EXPECT_EQ(rules().refusal_of_address(Bytes{8, 8, 8, 8}, "8.8.8.8"), "");
  EXPECT_EQ(rules().refusal_of_address(Bytes{10, 0, 0, 8}, "10.0.0.8"),
            "its address 10.0.0.8 is private; --allow-host 10.0.0.8 allows it");
}

TEST(HostRules, SecretsAreForTheLinksHostAndThoseNamed) {
  const auto may = [](const char* url, const char* link) {
    return may_know_secrets(*parse_url(url), rules(), link);
  };
  EXPECT_TRUE(may("https://my.mts-link.ru/api", "my.mts-link.ru"));
  EXPECT_TRUE(may("https://media.corp/x", ""));
  EXPECT_FALSE(may("https://events-storage.webinar.ru/x", "my.mts-link.ru"));
  EXPECT_FALSE(may("https://my.mts-link.ru/api", ""));
}

TEST(Proxy, IsWhatTheEnvironmentSays) {
  using Environment = std::map<std::string, std::string>;
  const auto proxy = [](const char* url, const Environment& environment) {
    return proxy_for(*parse_url(url), [&](const char* name) {
      const auto found = environment.find(name);
      return found == environment.end() ? "" : found->second;
    });
  };
  EXPECT_EQ(proxy("https://a/", {}), "");
  EXPECT_EQ(proxy("https://a/", {{"https_proxy", "p"}, {"HTTPS_PROXY", "q"}}), "p");
  EXPECT_EQ(proxy("https://a/", {{"http_proxy", "p"}}), "");
  EXPECT_EQ(proxy("http://a/", {{"http_proxy", "p"}}), "p");
  EXPECT_EQ(proxy("http://a/", {{"HTTP_PROXY", "p"}}), "");
  EXPECT_EQ(proxy("http://a/", {{"ALL_PROXY", "p"}}), "p");
  const auto without = [&](const char* url, const char* list) {
    return proxy(url, {{"all_proxy", "p"}, {"no_proxy", list}}).empty();
  };
  EXPECT_TRUE(without("https://a.example.org/", "localhost, example.org"));
  EXPECT_TRUE(without("https://example.org/", ".example.org"));
  EXPECT_TRUE(without("https://a/", "*"));
  EXPECT_FALSE(without("https://badexample.org/", "example.org"));
  EXPECT_FALSE(without("https://a/", "b,,"));
}

TEST(RetryRules, GrowWithChanceInThem) {
  const RetryRules some;
  const auto pause = [&](int failures, double random) {
    return pause_before_retry(some, {}, failures, random);
  };
  EXPECT_EQ(pause(1, 0), 250ms);
  EXPECT_EQ(pause(1, 0.5), 375ms);
  EXPECT_EQ(pause(2, 0), 500ms);
  EXPECT_EQ(pause(5, 0), 4s);
  EXPECT_EQ(pause(6, 0), std::nullopt);
  EXPECT_EQ(pause_before_retry({.retries = 100}, {}, 90, 0.5), 22500ms);
}

TEST(RetryRules, DependOnWhatWasAnswered) {
  using How = DownloadFailure::How;
  const auto again = [](int status) {
    return pause_before_retry({}, {How::status, status, {}}, 1, 0).has_value();
  };
  for (const int status : {408, 429, 500, 502, 503, 504}) EXPECT_TRUE(again(status)) << status;
  for (const int status : {400, 401, 403, 404, 410, 206, 304})
    EXPECT_FALSE(again(status)) << status;
  EXPECT_FALSE(pause_before_retry({}, {How::final, 0, {}}, 1, 0));
  EXPECT_TRUE(pause_before_retry({}, {How::changed, 0, {}}, 1, 0));
}

TEST(RetryRules, HonourWhatTheServerAsksFor) {
  using How = DownloadFailure::How;
  EXPECT_EQ(pause_before_retry({}, {How::status, 503, 20s}, 1, 0.9), 20s);
  EXPECT_EQ(pause_before_retry({}, {How::status, 503, 0s}, 1, 0), 250ms);
  EXPECT_EQ(pause_before_retry({}, {How::status, 429, 301s}, 1, 0), std::nullopt);
}

}  // namespace
}  // namespace rostrum
