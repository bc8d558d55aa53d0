using System.Text.Json;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files;

/// <summary>One object as its file describes it: the reviewed part, without state. DESIGN.md section 4, Files.</summary>
public abstract record Document
{
    public const string ApiVersion = "symbolon/v1";

    private Document() { }

    public abstract ObjectKey Key { get; }

    public sealed record Server(ServerName Name, ServerManifest Manifest) : Document
    {
        public override ObjectKey Key => new(ObjectKind.Server, Name.Value);
    }

    /// <summary>An agent or workflow as it will be stored where it is new.</summary>
    public sealed record Identity(IdentityObject Object) : Document
    {
        public override ObjectKey Key => Object.Key;
    }

    /// <summary>The grant as it will be stored, not retired.</summary>
    public sealed record Grant(GrantObject Object) : Document
    {
        public override ObjectKey Key => new(ObjectKind.Grant, Object.Name.Value);
    }

    /// <summary>A policy as it will be stored, not retired.</summary>
    public sealed record Policy(PolicyObject Object) : Document
    {
        public override ObjectKey Key => new(ObjectKind.Policy, Object.Name.Value);
    }

    /// <summary>What is known of resources, as it will be stored, not retired.</summary>
    public sealed record Resource(ResourceObject Object) : Document
    {
        public override ObjectKey Key => new(ObjectKind.Resource, Object.Name.Value);
    }

    /// <summary>A foreign issuer as it will be stored, not retired.</summary>
    public sealed record Issuer(IssuerObject Object) : Document
    {
        public override ObjectKey Key => new(ObjectKind.Issuer, Object.Name.Value);
    }

    public static Document Of(IdentityObject identity) => new Identity(identity);

    public static Document Of(GrantObject grant) => new Grant(grant);

    public static Document Of(PolicyObject policy) => new Policy(policy);

    public static Document Of(ResourceObject resource) => new Resource(resource);

    public static Document Of(IssuerObject issuer) => new Issuer(issuer);

    /// <summary>Whether both files say the same, whatever their spacing and order of members.</summary>
    public bool SaysTheSameAs(Document other)
    {
        using var mine = JsonDocument.Parse(DocumentWriter.Write(this));
        using var theirs = JsonDocument.Parse(DocumentWriter.Write(other));
        return JsonSameness.Same(mine.RootElement, theirs.RootElement);
    }
}
