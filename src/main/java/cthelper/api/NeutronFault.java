package cthelper.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that is answered with an error; thrown where the decision falls, mapped in {@link
 * NeutronErrors}. It is an answer, not a failure of ours, and carries no stack trace.
 *
 * <p>On the wire: {@code {"NeutronError": {"type": "RouterNotFound", "message": "Router 5c9e… could
 * not be found", "detail": ""}}}. Clients choose their exception by {@code type}; the message is
 * for people. Source: Neutron's {@code api_common} faults and neutron-lib's exceptions.
 */
final class NeutronFault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final String text;

  NeutronFault(int status, String type, String text) {
    super(text, null, false, false);
    this.status = status;
    this.type = type;
    this.text = text;
  }

  /** 400 as Neutron's web layer says it. */
  static NeutronFault badRequest(String message) {
    return new NeutronFault(400, "HTTPBadRequest", message);
  }

  /** 400 for a value of the right kind that this attribute does not take. */
  static NeutronFault invalidAttribute(String attribute, String reason) {
    return badRequest("Invalid input for " + attribute + ". Reason: " + reason + ".");
  }

  /** 400 for a value that cannot be converted to the attribute's kind. */
  static NeutronFault invalidInput(String problem) {
    return new NeutronFault(400, "InvalidInput", "Invalid input for operation: " + problem + ".");
  }

  static NeutronFault routerNotFound(String id) {
    return new NeutronFault(404, "RouterNotFound", "Router " + Echo.of(id) + " could not be found");
  }

  static NeutronFault conntrackHelperNotFound(String id) {
    return new NeutronFault(
        404, "ConntrackHelperNotFound", "Conntrack Helper " + Echo.of(id) + " could not be found.");
  }

  int status() {
    return status;
  }

  /** The body of the answer; all three keys always exist. */
  Map<String, Object> body() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("type", type);
    error.put("message", text);
    error.put("detail", "");
    return Map.of("NeutronError", error);
  }
}
