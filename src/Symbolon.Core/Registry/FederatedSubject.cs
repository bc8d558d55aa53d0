using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>Subjects of a trusted issuer that stand for one of ours: who shows their token is that agent or workflow.</summary>
/// <param name="Subject">Within what the issuer is trusted for, which is asked besides.</param>
public sealed record FederatedSubject(IssuerName Issuer, SubjectPattern Subject)
{
    /// <summary>Of one agent or workflow.</summary>
    public const int Most = 10;
}
