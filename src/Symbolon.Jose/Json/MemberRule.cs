namespace Symbolon.Jose.Json;

/// <summary>In which objects of a text two members that are equal, or fold alike, refuse it.</summary>
public enum MemberRule
{
    /// <summary>In every object, at every depth: requests, assertions, everything that we decide on.</summary>
    EveryObject,

    /// <summary>
    /// In the root object, or in the objects that are items of a root array: an upstream's answer, whose envelope we read and
    /// whose values are its own business.
    /// </summary>
    Envelope,
}
