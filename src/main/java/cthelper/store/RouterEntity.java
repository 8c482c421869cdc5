package cthelper.store;

import cthelper.model.Router;
import cthelper.model.RouterId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Generated;
import org.hibernate.annotations.SQLRestriction;
import org.hibernate.generator.EventType;

/**
 * The row of a router. A tombstone is no router to whoever asks through this entity; only {@link
 * RouterTombstones} and the statements about due work see it.
 */
@Entity
@Table(name = "router")
@SQLRestriction("deleted_at IS NULL")
@SuppressWarnings("NullAway.Init") // Hibernate fills the columns, all NOT NULL
class RouterEntity {

  @Id UUID id;

  @Column(name = "project_id", updatable = false)
  String projectId;

  String name;

  String description;

  @Column(name = "admin_state_up")
  boolean adminStateUp;

  boolean distributed;

  boolean ha;

  @Column(name = "revision_number")
  long revision;

  @Column(name = "created_at", insertable = false, updatable = false)
  Instant createdAt;

  @Column(name = "updated_at")
  @Generated(event = EventType.UPDATE, sql = "now()")
  Instant updatedAt;

  Router toModel() {
    return new Router(
        new RouterId(id),
        projectId,
        name,
        description,
        adminStateUp,
        distributed,
        ha,
        revision,
        createdAt,
        updatedAt);
  }
}
