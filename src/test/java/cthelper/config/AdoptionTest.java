package cthelper.config;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.testing.TestSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Namespaces become routers by themselves while nobody is asked who he is, unless told so. */
class AdoptionTest {

  @Test
  void withoutAuthenticationItIsOn() {
    assertThat(new Adoption(TestSettings.of(Map.of())).isOn()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theSettingDecides(boolean adopt) {
    Map<String, String> settings = Map.of("cthelper.adopt", Boolean.toString(adopt));
    assertThat(new Adoption(TestSettings.of(settings)).isOn()).isEqualTo(adopt);
  }

  @Test
  void adoptedRoutersBelongToTheProjectOfAllUsers() {
    assertThat(new Adoption(TestSettings.of(Map.of())).projectId()).isEqualTo("fake_project_id");
  }
}
