package cthelper;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The walls between the stages: {@code api → store ← reconcile → node ← executor → netfilter}, with
 * {@code stream} between both ends of {@code node}; everything may use {@code model} and {@code
 * config}, {@code start} may use everything. A change here is a change of the architecture.
 */
@AnalyzeClasses(packages = "cthelper", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule arrows =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("start")
          .definedBy("cthelper.start..")
          .layer("api")
          .definedBy("cthelper.api..")
          .layer("auth")
          .definedBy("cthelper.auth..")
          .layer("networking")
          .definedBy("cthelper.networking..")
          .layer("store")
          .definedBy("cthelper.store..")
          .layer("reconcile")
          .definedBy("cthelper.reconcile..")
          .layer("node")
          .definedBy("cthelper.node..")
          .layer("stream")
          .definedBy("cthelper.stream..")
          .layer("executor")
          .definedBy("cthelper.executor..")
          .layer("audit")
          .definedBy("cthelper.audit..")
          .layer("netfilter")
          .definedBy("cthelper.netfilter..")
          .layer("config")
          .definedBy("cthelper.config..")
          .layer("model")
          .definedBy("cthelper.model..")
          .whereLayer("start")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("start")
          .whereLayer("store")
          .mayOnlyBeAccessedByLayers("api", "reconcile", "start")
          .whereLayer("reconcile")
          .mayOnlyBeAccessedByLayers("start")
          .whereLayer("node")
          .mayOnlyBeAccessedByLayers("reconcile", "executor", "stream", "start")
          .whereLayer("stream")
          .mayOnlyBeAccessedByLayers("start")
          .whereLayer("executor")
          .mayOnlyBeAccessedByLayers("start")
          .whereLayer("netfilter")
          .mayOnlyBeAccessedByLayers("executor", "audit", "start")
          .whereLayer("audit")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("auth")
          .mayOnlyBeAccessedByLayers("api", "networking", "start")
          .whereLayer("networking")
          .mayOnlyBeAccessedByLayers("api", "start")
          .whereLayer("model")
          .mayNotAccessAnyLayer()
          .whereLayer("config")
          .mayOnlyAccessLayers("model");

  @ArchTest
  static final ArchRule noCircles = slices().matching("cthelper.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule httpStaysInApi =
      noClasses()
          .that()
          .resideOutsideOfPackage("cthelper.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.ws.rs..", "org.jboss.resteasy..");

  @ArchTest
  static final ArchRule persistenceStaysInStore =
      noClasses()
          .that()
          .resideOutsideOfPackages("cthelper.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.persistence..", "org.hibernate..", "io.quarkus.hibernate..");

  @ArchTest
  static final ArchRule jdbcStaysInStoreAndStart =
      noClasses()
          .that()
          .resideOutsideOfPackages("cthelper.store..", "cthelper.start..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..");

  @ArchTest
  static final ArchRule foreignFunctionsStayInNetfilter =
      noClasses()
          .that()
          .resideOutsideOfPackage("cthelper.netfilter..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.lang.foreign..");

  @ArchTest
  static final ArchRule grpcStaysInStream =
      noClasses()
          .that()
          .resideOutsideOfPackage("cthelper.stream..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "com.google.protobuf..");

  @ArchTest
  static final ArchRule noChildProcesses =
      noClasses()
          .that()
          .resideOutsideOfPackage("cthelper.start..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(ProcessBuilder.class, Runtime.class);
}
