package cthelper.networking;

/** What the Networking service said about a router that was asked for by id. */
sealed interface NetworkingAnswer {

  /** It has it. */
  record Has(RemoteRouter router) implements NetworkingAnswer {}

  /** It says in so many words that there is none. */
  record HasNot() implements NetworkingAnswer {}

  /** It said nothing that could be believed. */
  record Away(NetworkingServiceAway reason) implements NetworkingAnswer {}
}
