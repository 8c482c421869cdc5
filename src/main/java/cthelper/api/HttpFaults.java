package cthelper.api;

/** NeutronErrors for what HTTP itself refuses, in the words of webob's exceptions. */
final class HttpFaults {

  private HttpFaults() {}

  static NeutronFault of(int status) {
    return switch (status) {
      case 404 -> new NeutronFault(404, "HTTPNotFound", "The resource could not be found.");
      case 405 ->
          new NeutronFault(
              405, "HTTPMethodNotAllowed", "The method is not allowed for this resource.");
      case 408 ->
          new NeutronFault(
              408, "HTTPRequestTimeout", "The body of the request did not come in time.");
      case 413 ->
          new NeutronFault(
              413, "HTTPRequestEntityTooLarge", "The body of the request is too large.");
      case 500 ->
          new NeutronFault(
              500,
              "HTTPInternalServerError",
              "Request Failed: internal server error while processing your request.");
      case 503 ->
          new NeutronFault(
              503,
              "HTTPServiceUnavailable",
              "The database cannot answer at the moment. Please try again.");
      default ->
          new NeutronFault(
              status, "HTTPBadRequest", "The server could not comply with the request.");
    };
  }

  static NeutronFault tooManyLargeBodies() {
    return new NeutronFault(
        503,
        "HTTPServiceUnavailable",
        "Too many large requests are under way. Please try again, or send smaller ones.");
  }
}
