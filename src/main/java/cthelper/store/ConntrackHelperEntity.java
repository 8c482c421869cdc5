package cthelper.store;

import cthelper.model.ConntrackHelper;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.Protocol;
import cthelper.model.RouterId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.Generated;
import org.hibernate.generator.EventType;

/** The row of a conntrack helper; protocol and helper are the catalogue's words. */
@Entity
@Table(name = "conntrack_helper")
@SuppressWarnings("NullAway.Init") // Hibernate fills the columns, all NOT NULL
class ConntrackHelperEntity {

  @Id UUID id;

  @Column(name = "router_id", updatable = false)
  UUID routerId;

  String protocol;

  int port;

  String helper;

  @Column(name = "revision_number")
  long revision;

  @Column(name = "created_at", insertable = false, updatable = false)
  Instant createdAt;

  @Column(name = "updated_at")
  @Generated(event = EventType.UPDATE, sql = "now()")
  Instant updatedAt;

  /** Takes another spec, or the same one again: either way it is a new revision. */
  void become(HelperSpec spec) {
    protocol = spec.protocol().wireName();
    port = spec.port();
    helper = spec.type().name();
    revision++;
  }

  ConntrackHelper toModel() {
    HelperSpec spec =
        new HelperSpec(
            typeOf(helper, protocol)
                .orElseThrow(
                    () -> new IllegalStateException("helper type unknown to this version: " + id)),
            port);
    return new ConntrackHelper(id, new RouterId(routerId), spec, revision, createdAt, updatedAt);
  }

  /** The catalogue's type of these two columns; none if only a newer version knows it. */
  static Optional<HelperType> typeOf(String helper, String protocol) {
    return Protocol.ofWireName(protocol).flatMap(known -> HelperCatalog.find(helper, known));
  }
}
