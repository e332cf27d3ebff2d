// Reads Me, changes one field, shows a refused change, and goes on while a provider is down.
import com.apollographql.apollo.ApolloClient
import com.apollographql.apollo.api.Error
import com.apollographql.apollo.api.Optional
import kotlinx.coroutines.runBlocking
import user.MeQuery
import user.UpdateMeMutation
import user.type.UpdateMeInput

fun show(errors: List<Error>?) = errors.orEmpty().forEach {
    println("trouble ${it.path.orEmpty().joinToString(".")} ${it.extensions?.get("code")}")
}

suspend fun ApolloClient.change(input: UpdateMeInput) {
    val answer = mutation(UpdateMeMutation(input)).execute()
    // The answer did not come, or it could not be read.
    answer.exception?.let { throw it }
    show(answer.errors)
    val result = answer.data?.updateMe ?: return
    result.onUpdateMeSuccess?.run { println("changed ${user.ownProfile.timezone} | bio: ${user.ownProfile.bio}") }
        ?: result.onUpdateMeInvalid?.run { println("refused ${fieldErrors.first().field}") }
        ?: println("something newer: ${result.__typename}")
}

fun main() = runBlocking {
    val client = ApolloClient.Builder()
        .serverUrl(System.getenv("GRAPHQL_URL"))
        .addHttpHeader("authorization", "Bearer demo-ada")
        .build()
    client.use {
        // Data and errors stand beside each other.
        val answer = it.query(MeQuery()).execute()
        answer.exception?.let { why -> throw why }
        show(answer.errors)
        println("me ${answer.data?.me?.personCard?.name}")

        // What is not set is Optional.Absent and is not sent.
        it.change(UpdateMeInput(timezone = Optional.present("Europe/London")))
        it.change(UpdateMeInput(timezone = Optional.present("Mars/Olympus")))
    }
}
