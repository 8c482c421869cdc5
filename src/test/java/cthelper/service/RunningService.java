package cthelper.service;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One service with default settings for all tests of a class: started before the first one, ended
 * with its data after the last one, also when something failed between.
 *
 * <p>Example: {@code @RegisterExtension static final RunningService SERVICE = new
 * RunningService();}
 */
final class RunningService implements BeforeAllCallback, AfterAllCallback {

  private @Nullable DataFolder data;
  private @Nullable ServiceProcess process;

  @Override
  public void beforeAll(ExtensionContext context) {
    data = new DataFolder();
    process = ServiceProcess.start(data.path(), Map.of());
  }

  Api api() {
    if (process == null) {
      throw new IllegalStateException("the service was not started");
    }
    return new Api(process.base());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    try {
      if (process != null) {
        process.close();
      }
    } finally {
      if (data != null) {
        data.close();
      }
    }
  }
}
