package cthelper.api;

import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helper;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.isError;
import static cthelper.api.Wire.post;
import static cthelper.api.Wire.router;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;

import cthelper.model.HelperCatalog;
import cthelper.model.HelperRisk;
import cthelper.model.HelperType;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code cthelper.profile=hardened}: what is too dangerous is refused, and why is said. */
@QuarkusTest
@TestProfile(HardenedTest.Hardened.class)
class HardenedTest {

  /** The setting. */
  public static final class Hardened implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("cthelper.profile", "hardened");
    }
  }

  static List<HelperType> all() {
    return HelperCatalog.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void highRisksAreRefusedAndSaidToBe(HelperType type) {
    String body = helper(type.name(), type.protocol().wireName(), "4711");
    HelperRisk risk = HelperRisk.of(type);

    if (risk.high()) {
      isError(
          post(helpersOf(router()), body),
          400,
          "ConntrackHelperNotAllowed",
          "Conntrack Helper %s is not allowed. The hardened profile refuses it: %s"
              .formatted(type.name(), risk.why()));
    } else {
      post(helpersOf(router()), body).statusCode(201);
    }
  }

  @Test
  void theTypesSaySo() {
    String types = "conntrack_helper_types.findAll { it.risk == '%s' }.%s";

    get("/v2.0/conntrack_helper_types")
        .body(types.formatted("high", "allowed"), everyItem(is(false)))
        .body(types.formatted("moderate", "allowed"), everyItem(is(true)))
        .body(
            "conntrack_helper_types.findAll { it.risk == 'high' }.helper.unique()",
            containsInAnyOrder("h323", "irc", "netbios-ns", "pptp", "snmp"));
  }
}
