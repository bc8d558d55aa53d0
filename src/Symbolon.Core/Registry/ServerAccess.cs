using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry;

/// <summary>
/// What of one server a grant or a token names: tools by name or by effect class, prompts, resources. The parts are a union; all empty means nothing.
/// </summary>
public sealed record ServerAccess
{
    /// <summary>In <see cref="Prompts"/>: every prompt.</summary>
    public const string AnyPrompt = "*";

    public required ServerName Server { get; init; }
    public ImmutableArray<ToolName> Tools { get; init; } = [];
    public ImmutableArray<Effect> Effects { get; init; } = [];

    /// <summary>Prompts by name, or <see cref="AnyPrompt"/>. Grants only: a token names no single one.</summary>
    public ImmutableArray<string> Prompts { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Resources by URI. Grants only, as <see cref="Prompts"/>.</summary>
    public ImmutableArray<UriPattern> Resources { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Every prompt that the holder's grants allow at the time of the call (<c>@prompts</c>). Tokens only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllPrompts { get; init; }

    /// <summary>Every resource that the holder's grants allow at the time of the call (<c>@resources</c>). Tokens only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllResources { get; init; }

    /// <summary>All that the holder's grants allow at the time of the call (<c>@granted</c>), prompts and resources too. Tokens only; never part of a grant.</summary>
    public bool Granted { get; init; }
}
