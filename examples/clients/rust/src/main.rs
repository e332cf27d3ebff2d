//! Reads Me, changes one field, shows a refused change, and goes on while a provider is down.
use graphql_client::{GraphQLQuery, Response};

type DateTime = String;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../../contract/schema.graphql", query_path = "../../../contract/operations/standalone/me.graphql", response_derives = "Debug")]
struct Me;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../../../contract/schema.graphql",
    query_path = "../../../contract/operations/standalone/update-me.graphql",
    response_derives = "Debug",
    // An arm for a type that is newer than this program. It has to be a text: a bare true is not heard.
    fragments_other_variant = "true",
    // What is None is left out.
    skip_serializing_none
)]
struct UpdateMe;

fn ask<Q: GraphQLQuery>(variables: Q::Variables) -> Response<Q::ResponseData> {
    ureq::post(std::env::var("GRAPHQL_URL").expect("GRAPHQL_URL"))
        .header("authorization", "Bearer demo-ada")
        .send_json(Q::build_query(variables))
        .expect("an answer")
        .body_mut()
        .read_json()
        .expect("a GraphQL answer")
}

fn change(timezone: &str) {
    let input = update_me::UpdateMeInput {
        timezone: Some(timezone.into()),
        name: None,
        bio: None,
        avatar_url: None,
        locale: None,
    };
    let answer = ask::<UpdateMe>(update_me::Variables { input });
    match answer.data.and_then(|data| data.update_me) {
        Some(update_me::UpdateMeUpdateMe::UpdateMeSuccess(success)) => println!(
            "changed {} | bio: {}", success.user.timezone.unwrap_or_default(), success.user.bio.unwrap_or_default()
        ),
        Some(update_me::UpdateMeUpdateMe::UpdateMeInvalid(invalid)) => {
            println!("refused {}", invalid.field_errors[0].field)
        }
        Some(_) => println!("something newer"),
        None => println!("trouble {:?}", answer.errors),
    }
}

fn main() {
    let answer = ask::<Me>(me::Variables {});
    for error in answer.errors.unwrap_or_default() {
        let path: Vec<String> = error.path.unwrap_or_default().iter().map(ToString::to_string).collect();
        let code = &error.extensions.expect("a code")["code"];
        println!("trouble {} {}", path.join("."), code.as_str().unwrap_or_default());
    }
    let me = answer.data.and_then(|data| data.me).expect("somebody is logged in");
    println!("me {}", me.person_card.name.unwrap_or_default());
    change("Europe/London");
    change("Mars/Olympus");
}
