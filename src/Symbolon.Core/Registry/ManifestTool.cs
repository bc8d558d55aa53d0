using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry;

/// <summary>One tool as reviewed. Schemas and annotations are kept as the exact JSON of the file.</summary>
public sealed record ManifestTool
{
    public required ToolName Name { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }
    public JsonElement? InputSchema { get; init; }
    public JsonElement? OutputSchema { get; init; }

    /// <summary>As the server declares them; never trusted alone.</summary>
    public JsonElement? Annotations { get; init; }

    /// <summary>The reviewed definition, by era; a tool without a digest for an era is not served in it.</summary>
    public ToolDigests Digests { get; init; } = new();

    public required Effect Effect { get; init; }
    public ToolFlags Flags { get; init; }

    /// <summary>What the arguments of every call are held to; null for nothing but what the server itself asks.</summary>
    public ToolConstraints? Arguments { get; init; }

    /// <summary>What a call does behind the server; an argument of the tool stands in braces. Empty: nobody has said.</summary>
    public ImmutableArray<ResourceNeed> Needs { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Names of the outermost arguments that the audit may keep, redacted, where the server's <see cref="ServerManifest.Content"/> says so.</summary>
    public ImmutableArray<string> RecordedArguments { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary><c>sha256:</c> and 64 lower-case hex digits, or null where the definition was not reviewed in that era.</summary>
public sealed record ToolDigests
{
    public string? Legacy { get; init; }
    public string? Modern { get; init; }

    public string? For(Era era) => era == Era.Legacy ? Legacy : Modern;
}
