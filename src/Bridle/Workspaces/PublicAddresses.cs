using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Bridle.Workspaces;

/// <summary>Which addresses are on the public internet (IANA special-purpose registries), looking through the IPv6 forms that carry an IPv4 address.</summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] s_notPublic = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32", // looks public, is the metadata of a cloud
        "2001::/23", "2001:db8::/32", "3fff::/20");

    // This machine, its link and the metadata of clouds: nothing that a name of a company's network leads to.
    private static readonly IPNetwork[] s_own = Networks(
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "224.0.0.0/4", "240.0.0.0/4", "::/127", "fe80::/10", "ff00::/8", "fd00:ec2::254/128");

    private static readonly IPNetwork s_globalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork s_translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork s_sixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Whether the address is on the public internet.</summary>
    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6 && Carried(address) is { } carried)
        {
            return Contains(carried);
        }

        return (address.AddressFamily == AddressFamily.InterNetwork || s_globalUnicast.Contains(address))
            && !Array.Exists(s_notPublic, network => network.Contains(address));
    }

    /// <summary>
    /// Whether the address is public or lies in a private network that a person's own configuration may name: not this machine, not its link, not a cloud's metadata.
    /// </summary>
    public static bool ContainsOrIsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && Carried(address) is { } carried
            ? ContainsOrIsPrivate(carried)
            : !Array.Exists(s_own, network => network.Contains(address));
    }

    /// <summary>The IPv4 address that a NAT64, 6to4 or ISATAP address leads to.</summary>
    private static IPAddress? Carried(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        if (s_translated.Contains(address))
        {
            return new IPAddress(bytes[12..]);
        }

        if (s_sixToFour.Contains(address))
        {
            return new IPAddress(bytes[2..6]);
        }

        var isInsideSite = (BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) & ~0x0200_0000u) == 0x5EFE;
        return isInsideSite ? new IPAddress(bytes[12..]) : null;
    }

    private static IPNetwork[] Networks(params string[] texts) => Array.ConvertAll(texts, text => IPNetwork.Parse(text));
}
