package cthelper.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;

/**
 * Adds the answers that every operation has and no resource method knows of: 408, and 414 and 431
 * of the HTTP server itself. Works while the service is built, before {@link OpenApiOrder}.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD, priority = OpenApiEdge.PRIORITY)
public class OpenApiEdge implements OASFilter {

  /** Of filters of one stage the higher comes first. */
  static final int PRIORITY = 2;

  @Override
  public Operation filterOperation(Operation operation) {
    operation
        .getResponses()
        .addAPIResponse("408", OASFactory.createAPIResponse().ref("TooSlow"))
        .addAPIResponse("414", OASFactory.createAPIResponse().ref("AddressTooLong"))
        .addAPIResponse("431", OASFactory.createAPIResponse().ref("HeadersTooLarge"));
    return operation;
  }
}
