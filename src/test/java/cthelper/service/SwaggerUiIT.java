package cthelper.service;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import cthelper.lab.PrivateNetns;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a person does in Swagger UI reaches the kernel, and the page needs nothing from elsewhere.
 *
 * <p>With {@code -Dscreenshot=docs/swagger-ui.png} it takes the picture of the documentation.
 */
@ExtendWith(PrivateNetns.class)
class SwaggerUiIT {

  private final String router = UUID.randomUUID().toString();

  @Test
  void aHelperMadeInTheBrowserIsInTheKernel() {
    try (Chromium chromium = Chromium.start();
        DataFolder data = new DataFolder();
        ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
      Api api = new Api(service.base());
      Page page = chromium.page();
      page.navigate(service.base() + "/swagger-ui");

      createRouter(page);
      assertThat(api.routerExists(router)).isTrue();

      try (RouterNamespace namespace = RouterNamespace.add(router)) {
        createHelper(page);
        String id = api.helpersOf(router).getString("conntrack_helpers[0].id");
        api.awaitStatus(router, id, "ACTIVE");
        assertThat(namespace.ourTable())
            .contains("elements = { tcp . 2121 comment \"" + id + "\" : \"ftp-tcp\" }");
      }

      assertThat(chromium.errors()).isEmpty();
      assertThat(chromium.requests())
          .hasSizeGreaterThan(3)
          .allMatch(address -> address.startsWith(service.base()) || address.startsWith("data:"));
    }
  }

  private void createRouter(Page page) {
    Locator operation = tryOut(page, "operations-routers-createRouter");
    body(operation, "{\"router\": {\"id\": \"%s\", \"name\": \"edge\"}}".formatted(router));
    execute(operation);
    operation.locator(".opblock-summary-control").click();
  }

  private void createHelper(Page page) {
    Locator operation = tryOut(page, "operations-conntrack_helpers-createConntrackHelper");
    operation.locator("tr[data-param-name=router_id] input").fill(router);
    body(
        operation,
        "{\"conntrack_helper\": {\"protocol\": \"tcp\", \"port\": 2121, \"helper\": \"ftp\"}}");
    execute(operation);
    String picture = System.getProperty("screenshot");
    if (picture != null) {
      operation.evaluate("operation => operation.scrollIntoView()");
      page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(picture)));
    }
  }

  private static Locator tryOut(Page page, String id) {
    Locator operation = page.locator("#" + id);
    operation.locator(".opblock-summary-control").click();
    operation.locator(".try-out__btn").click();
    return operation;
  }

  private static void body(Locator operation, String json) {
    operation.locator("textarea.body-param__text").fill(json);
  }

  /** Sends what stands there, and waits until the page shows that it was created. */
  private static void execute(Locator operation) {
    operation.locator("button.execute").click();
    assertThat(operation.locator(".live-responses-table tbody .response-col_status").first())
        .containsText("201");
  }
}
