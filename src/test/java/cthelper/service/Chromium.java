package cthelper.service;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import cthelper.lab.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The machine's own Chromium with one page, and what a careful visitor would like to know about
 * that page: everything it asked for and every error it logged. Nothing is downloaded; it works
 * without a screen, as root and in a user namespace. For one thread.
 */
final class Chromium implements AutoCloseable {

  private static final int LONGEST_WAIT_MS = 20_000;

  /** Holds one operation with its answer. */
  private static final int WIDTH = 1100;

  private static final int HEIGHT = 1480;

  /** It would otherwise talk to its makers, or wait for a graphics card. */
  private static final List<String> ARGUMENTS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final Playwright playwright;
  private final Browser browser;
  private final Page page;
  private final List<String> requests = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();

  private Chromium(Playwright playwright, Browser browser, Page page) {
    this.playwright = playwright;
    this.browser = browser;
    this.page = page;
    page.setDefaultTimeout(LONGEST_WAIT_MS);
    page.onRequest(request -> requests.add(request.url()));
    page.onConsoleMessage(this::note);
    page.onPageError(errors::add);
  }

  /**
   * Starts it.
   *
   * @throws IllegalStateException one line that names the Debian package when there is no Chromium
   */
  static Chromium start() {
    Path program = Command.require("chromium");
    PlaywrightAssertions.setDefaultAssertionTimeout(LONGEST_WAIT_MS);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    try {
      Browser browser =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions().setExecutablePath(program).setArgs(ARGUMENTS));
      return new Chromium(
          playwright,
          browser,
          browser.newPage(new Browser.NewPageOptions().setViewportSize(WIDTH, HEIGHT)));
    } catch (RuntimeException failure) {
      playwright.close();
      throw failure;
    }
  }

  Page page() {
    return page;
  }

  /** The addresses of everything the page has asked for so far. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** What it has complained about so far: on its console, and exceptions that nobody caught. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  private void note(ConsoleMessage message) {
    if (message.type().equals("error")) {
      errors.add(message.text() + " at " + message.location());
    }
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
