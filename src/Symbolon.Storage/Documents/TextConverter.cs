using System.Text.Json;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Resources;

namespace Symbolon.Storage.Documents;

/// <summary>A name is stored as its text.</summary>
internal abstract class TextConverter<T>(Func<string, T> read, Func<T, string> write) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        read(reader.GetString() ?? throw new JsonException("Expected text."));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
}

internal sealed class OrganisationIdConverter() : TextConverter<OrganisationId>(text => new(text), id => id.Value);

internal sealed class ServerNameConverter() : TextConverter<ServerName>(text => new(text), name => name.Value);

internal sealed class ToolNameConverter() : TextConverter<ToolName>(text => new(text), name => name.Value);

internal sealed class AgentNameConverter() : TextConverter<AgentName>(text => new(text), name => name.Value);

internal sealed class WorkflowNameConverter() : TextConverter<WorkflowName>(text => new(text), name => name.Value);

internal sealed class GrantNameConverter() : TextConverter<GrantName>(text => new(text), name => name.Value);

internal sealed class PolicyNameConverter() : TextConverter<PolicyName>(text => new(text), name => name.Value);

internal sealed class ResourceNameConverter() : TextConverter<ResourceName>(text => new(text), name => name.Value);

internal sealed class IssuerNameConverter() : TextConverter<IssuerName>(text => new(text), name => name.Value);

internal sealed class SubjectPatternConverter() : TextConverter<SubjectPattern>(text => new(text), pattern => pattern.Text);

internal sealed class UserEmailConverter() : TextConverter<UserEmail>(UserEmail.Parse, email => email.Value);

internal sealed class TokenIdConverter() : TextConverter<TokenId>(text => new(text), id => id.Value);

internal sealed class ClientIdConverter() : TextConverter<ClientId>(text => new(text), id => id.Value);

internal sealed class AuthorizationIdConverter() : TextConverter<AuthorizationId>(text => new(text), id => id.Value);

internal sealed class ReviewNameConverter() : TextConverter<ReviewName>(
    text => ReviewName.TryParse(text, out var name) ? name : throw new JsonException("The store holds a review without a name."), name => name.ToString());

internal sealed class ResourcePatternConverter() : TextConverter<ResourcePattern>(
    text => ResourcePattern.Parse(text, out var fault) ?? throw new JsonException($"A pattern of the store {fault}."), pattern => pattern.Text);

internal sealed class UriPatternConverter() : TextConverter<UriPattern>(
    text => UriPattern.Parse(text, out var fault) ?? throw new JsonException($"A pattern of the store {fault}."), pattern => pattern.Text);
