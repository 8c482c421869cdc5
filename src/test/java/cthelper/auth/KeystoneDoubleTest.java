package cthelper.auth;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The double of the tests keeps the contract that {@link KeystoneIT} shows of Keystone itself. */
class KeystoneDoubleTest extends KeystoneContract {

  private static final String PROJECT_ID = "id-of-a-project";
  private static final Duration HOUR = Duration.ofHours(1);

  private static KeystoneDouble keystone;

  @BeforeAll
  static void start() {
    keystone = new KeystoneDouble();
  }

  @AfterAll
  static void stop() {
    keystone.close();
  }

  @Override
  Side side() {
    return new Side() {
      @Override
      public String url() {
        return keystone.url();
      }

      @Override
      public Login service() {
        return new Login(KeystoneDouble.USERNAME, KeystoneDouble.PASSWORD, KeystoneDouble.PROJECT);
      }

      @Override
      public String projectId() {
        return PROJECT_ID;
      }

      @Override
      public String token(String... roles) {
        return keystone.token(PROJECT_ID, HOUR, roles);
      }

      @Override
      public String systemToken() {
        return keystone.token("", HOUR, "admin");
      }

      @Override
      public void revoke(String token) {
        keystone.revoke(token);
      }
    };
  }
}
