package cthelper.api;

import java.util.Map;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** Answers that carry {@code ETag: "<revision_number>"}, for a later {@link IfMatch}. */
final class ETags {

  private ETags() {}

  static RestResponse<Map<String, Object>> answer(
      Status status, long revision, Map<String, Object> body) {
    return ResponseBuilder.create(status, body).header("ETag", "\"" + revision + "\"").build();
  }
}
