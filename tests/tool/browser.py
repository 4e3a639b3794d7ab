# SPDX-License-Identifier: LGPL-2.1-or-later
"""A headless Chromium by the WebDriver protocol (https://www.w3.org/TR/webdriver2/), as far as the tests need it."""
import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request

KEYS = {"left": "\ue012", "right": "\ue014", "page up": "\ue00e", "page down": "\ue00f", "space": " ", "home": "\ue011", "end": "\ue010"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def missing():
    """Why there is no browser; "" if there is one."""
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            return f"{program} is not installed"
    return ""


class Browser:
    def __init__(self, width=1400, height=1000, dark=False):
        self.profile = tempfile.TemporaryDirectory(prefix="rostrum-browser-", ignore_cleanup_errors=True)
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                self.base = f"http://127.0.0.1:{line.split('port ')[1].strip(' .' + chr(10))}"
                break
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required", "--mute-audio",
                     f"--window-size={width},{height}", f"--user-data-dir={self.profile.name}", "--force-device-scale-factor=1"]
        if dark:
            arguments.append("--blink-settings=preferredColorScheme=0")
        options = {"goog:chromeOptions": {"args": arguments, "binary": shutil.which("chromium")}}
        self.session = ""
        self.session = "/session/" + self.call("POST", "/session", {"capabilities": {"alwaysMatch": options}})["sessionId"]

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.kill()
            self.driver.wait()
            self.driver.stdout.close()
            self.profile.cleanup()

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + self.session + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"].split("\n")[0]) from None

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def run(self, script, *words):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(words)})

    def until(self, script, *words, seconds=30):
        """What the script returns, once that is true."""
        end = time.monotonic() + seconds
        while True:
            value = self.run(script, *words)
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"still not: {script}")

    def press(self, *names):
        actions = []
        for name in names:
            key = KEYS.get(name, name)
            actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def click(self, x, y):
        self.call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [
            {"type": "pointerMove", "x": int(x), "y": int(y)}, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]}]})

    def screenshot(self):
        """PNG of the window."""
        return base64.b64decode(self.call("GET", "/screenshot"))
