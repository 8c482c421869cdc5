package cthelper.api;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.openapi.api.SmallRyeOpenAPI;
import io.smallrye.openapi.api.util.MergeUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.eclipse.microprofile.openapi.OASModelReader;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.jspecify.annotations.Nullable;

/**
 * What the description of the API says of bodies, answers and errors, from {@code
 * META-INF/openapi/*.yaml} (<a
 * href="https://download.eclipse.org/microprofile/microprofile-openapi-4.0/microprofile-openapi-spec-4.0.html">MicroProfile
 * OpenAPI</a>, model reader). Works while the service is built. The files are named and found with
 * the class loader of this class: Quarkus' own setting for a directory of them looks with the one
 * of whichever thread builds, and goes on without them where it finds nothing.
 */
public class OpenApiComponents implements OASModelReader {

  private static final List<String> FILES = List.of("answers.yaml", "bodies.yaml", "errors.yaml");

  @Override
  public OpenAPI buildModel() {
    return FILES.stream().map(OpenApiComponents::read).reduce(MergeUtil::merge).orElseThrow();
  }

  private static OpenAPI read(String file) {
    String resource = "/META-INF/openapi/" + file;
    try (@Nullable InputStream content = OpenApiComponents.class.getResourceAsStream(resource)) {
      if (content == null) {
        throw new IllegalStateException(resource + " is missing");
      }
      return SmallRyeOpenAPI.builder()
          .withConfig(new SmallRyeConfigBuilder().build())
          .enableModelReader(false)
          .enableStandardStaticFiles(false)
          .enableAnnotationScan(false)
          .enableStandardFilter(false)
          .withCustomStaticFile(() -> content)
          .build()
          .model();
    } catch (IOException failed) {
      throw new UncheckedIOException(resource, failed);
    }
  }
}
