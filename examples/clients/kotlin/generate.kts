// What Apollo's Gradle plugin does, for a build with Maven: the types and operations, from the contract.
import com.apollographql.apollo.compiler.ApolloCompiler
import com.apollographql.apollo.compiler.CodegenSchemaOptions
import com.apollographql.apollo.compiler.buildCodegenOptions
import com.apollographql.apollo.compiler.buildIrOptions
import com.apollographql.apollo.compiler.codegen.writeTo
import com.apollographql.apollo.compiler.toInputFiles
import java.io.File

val contract = "../../../contract"
val operations = listOf("me", "update-me").map { File("$contract/operations/standalone/$it.graphql") }

ApolloCompiler.buildSchemaAndOperationsSources(
    schemaFiles = listOf(File("$contract/schema.graphql")).toInputFiles(),
    executableFiles = operations.toInputFiles(),
    // Without this a DateTime is Any.
    codegenSchemaOptions = CodegenSchemaOptions(mapOf("DateTime" to "kotlin.String"), emptyMap(), false),
    irOptions = buildIrOptions(),
    codegenOptions = buildCodegenOptions(packageName = "user"),
    layoutFactory = null,
    operationIdsGenerator = null,
    irOperationsTransform = null,
    javaOutputTransform = null,
    kotlinOutputTransform = null,
    documentTransform = null,
    schemaDocumentTransform = null,
    logger = null,
    operationManifestFile = null,
).writeTo(File("target/apollo"), true, null)
