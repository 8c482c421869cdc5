/**
 * Who calls: a token becomes a {@link cthelper.auth.Caller}, by the Identity service (Keystone) or,
 * without authentication, by decree. What a caller may do is decided in {@code api}.
 */
@NullMarked
package cthelper.auth;

import org.jspecify.annotations.NullMarked;
