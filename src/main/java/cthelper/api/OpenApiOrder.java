package cthelper.api;

import static java.util.Comparator.comparingInt;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.Paths;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.parameters.Parameter.In;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.jspecify.annotations.Nullable;

/**
 * Puts the document into an order of its own, so that two builds of the same sources say the same
 * and a change is a small difference: paths, components and statuses by name; parameters of the
 * path as they stand there, before those of the query. Works while the service is built.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApiOrder implements OASFilter {

  private static final String PARAMETERS = "#/components/parameters/";

  @Override
  public void filterOpenAPI(OpenAPI document) {
    Components components = document.getComponents();
    components.setSchemas(new TreeMap<>(components.getSchemas()));
    components.setResponses(new TreeMap<>(components.getResponses()));
    components.setRequestBodies(new TreeMap<>(components.getRequestBodies()));
    components.setHeaders(new TreeMap<>(components.getHeaders()));
    components.setSecuritySchemes(new TreeMap<>(components.getSecuritySchemes()));
    components.setParameters(new TreeMap<>(components.getParameters()));
    Paths paths = OASFactory.createPaths();
    for (Map.Entry<String, PathItem> item :
        new TreeMap<>(document.getPaths().getPathItems()).entrySet()) {
      paths.addPathItem(item.getKey(), item.getValue());
      for (Operation operation : item.getValue().getOperations().values()) {
        orderAnswers(operation);
        orderParameters(operation, item.getKey(), components.getParameters());
      }
    }
    document.setPaths(paths);
  }

  private static void orderAnswers(Operation operation) {
    APIResponses ordered = OASFactory.createAPIResponses();
    new TreeMap<>(operation.getResponses().getAPIResponses()).forEach(ordered::addAPIResponse);
    // Beside a reference, a description would be shown instead of the one referred to.
    ordered.getAPIResponses().values().stream()
        .filter(answer -> answer.getRef() != null)
        .forEach(answer -> answer.setDescription(null));
    operation.setResponses(ordered);
  }

  private static void orderParameters(
      Operation operation, String path, Map<String, Parameter> components) {
    @Nullable List<Parameter> parameters = operation.getParameters();
    if (parameters != null) {
      operation.setParameters(
          parameters.stream()
              .sorted(comparingInt(one -> place(path, meant(one, components))))
              .toList());
    }
  }

  private static Parameter meant(Parameter parameter, Map<String, Parameter> components) {
    @Nullable String reference = parameter.getRef();
    return reference == null
        ? parameter
        : Objects.requireNonNull(
            components.get(reference.substring(PARAMETERS.length())), reference);
  }

  private static int place(String path, Parameter parameter) {
    return parameter.getIn() == In.PATH
        ? path.indexOf("{" + parameter.getName() + "}")
        : Integer.MAX_VALUE;
  }
}
